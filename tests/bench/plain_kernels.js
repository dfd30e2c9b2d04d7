// The kernels as plain loops over a Float32Array: what one writes in JavaScript by hand, with speed in mind. Addresses
// and distances are in bytes, as in site/kernels.
export function plainKernels(buffer) {
  const f = new Float32Array(buffer);

  // Four rows of b at a time: one sum would have to wait for itself at each step.
  function rowsByRows(a, aRow, b, bRow, out, outRow, m, n, k) {
    const next = bRow >> 2;
    for (let i = 0; i < m; i++) {
      const x = (a + i * aRow) >> 2, to = (out + i * outRow) >> 2;
      let j = 0, y = b >> 2;
      for (; j + 4 <= n; j += 4, y += 4 * next) {
        let s0 = 0, s1 = 0, s2 = 0, s3 = 0;
        for (let l = 0, y1 = y + next, y2 = y1 + next, y3 = y2 + next; l < k; l++) {
          const number = f[x + l];
          s0 += number * f[y + l];
          s1 += number * f[y1 + l];
          s2 += number * f[y2 + l];
          s3 += number * f[y3 + l];
        }
        f[to + j] = s0;
        f[to + j + 1] = s1;
        f[to + j + 2] = s2;
        f[to + j + 3] = s3;
      }
      for (; j < n; j++, y += next) {
        let sum = 0;
        for (let l = 0; l < k; l++) sum += f[x + l] * f[y + l];
        f[to + j] = sum;
      }
    }
  }

  // Four rows of b at a time: each number of the result is read and written a quarter as often.
  function rowsAddedUp(a, aDown, aAlong, b, bRow, out, outRow, m, n, k) {
    const next = bRow >> 2, along = aAlong >> 2;
    for (let i = 0; i < m; i++) {
      const to = (out + i * outRow) >> 2;
      f.fill(0, to, to + n);
      let l = 0, x = (a + i * aDown) >> 2, y = b >> 2;
      for (; l + 4 <= k; l += 4, x += 4 * along, y += 4 * next) {
        const x0 = f[x], x1 = f[x + along], x2 = f[x + 2 * along], x3 = f[x + 3 * along];
        for (let j = 0, y1 = y + next, y2 = y1 + next, y3 = y2 + next; j < n; j++) {
          f[to + j] += x0 * f[y + j] + x1 * f[y1 + j] + x2 * f[y2 + j] + x3 * f[y3 + j];
        }
      }
      for (; l < k; l++, x += along, y += next) {
        const number = f[x];
        for (let j = 0; j < n; j++) f[to + j] += number * f[y + j];
      }
    }
  }

  function softmaxRow(x, out, n) {
    let top = -Infinity, total = 0;
    for (let j = 0; j < n; j++) top = Math.max(top, f[x + j]);
    for (let j = 0; j < n; j++) total += f[out + j] = Math.exp(f[x + j] - top);
    for (let j = 0; j < n; j++) f[out + j] /= total;
    return [top, total];
  }

  function softmaxRows(x, out, m, n) {
    for (let i = 0; i < m; i++) softmaxRow((x >> 2) + i * n, (out >> 2) + i * n, n);
  }

  function softmaxBackwardRows(dout, p, out, m, n) {
    for (let at = 0; at < m * n; at += n) {
      let along = 0;
      for (let j = 0; j < n; j++) along += f[(dout >> 2) + at + j] * f[(p >> 2) + at + j];
      for (let j = 0; j < n; j++) {
        f[(out >> 2) + at + j] = f[(p >> 2) + at + j] * (f[(dout >> 2) + at + j] - along);
      }
    }
  }

  function crossEntropyRow(x, out, n, target) {
    const [top, total] = softmaxRow(x >> 2, out >> 2, n);
    return Math.log(total) - (f[(x >> 2) + target] - top);
  }

  function normRows(x, out, scale, m, n, eps) {
    for (let i = 0; i < m; i++) {
      const from = (x >> 2) + i * n, to = (out >> 2) + i * n;
      let sum = 0;
      for (let j = 0; j < n; j++) sum += f[from + j] * f[from + j];
      const factor = (f[(scale >> 2) + i] = 1 / Math.sqrt(sum / n + eps));
      for (let j = 0; j < n; j++) f[to + j] = f[from + j] * factor;
    }
  }

  function normBackwardRows(dout, normed, scale, out, m, n) {
    for (let i = 0; i < m; i++) {
      const d = (dout >> 2) + i * n, y = (normed >> 2) + i * n, to = (out >> 2) + i * n, factor = f[(scale >> 2) + i];
      let along = 0;
      for (let j = 0; j < n; j++) along += f[d + j] * f[y + j];
      along /= n;
      for (let j = 0; j < n; j++) f[to + j] = (f[d + j] - f[y + j] * along) * factor;
    }
  }

  function reluEach(x, out, n) {
    for (let j = 0; j < n; j++) f[(out >> 2) + j] = Math.max(0, f[(x >> 2) + j]);
  }

  function reluBackwardEach(dout, result, out, n) {
    for (let j = 0; j < n; j++) f[(out >> 2) + j] = f[(result >> 2) + j] > 0 ? f[(dout >> 2) + j] : 0;
  }

  function scoresOfHead(q, qRow, k, kRow, mask, maskRow, out, t, d) {
    rowsByRows(q, qRow, k, kRow, out, 4 * t, t, t, d);
    for (let i = 0; i < t; i++) {
      for (let j = 0; j < t; j++) {
        const at = (out >> 2) + i * t + j;
        f[at] = f[at] / Math.sqrt(d) + f[((mask + i * maskRow) >> 2) + j];
      }
    }
  }

  function mixOfHead(attention, v, vRow, out, outRow, t, d) {
    rowsAddedUp(attention, 4 * t, 4, v, vRow, out, outRow, t, d, t);
  }

  function backwardOfHead(
    dmixed, mixedRow, attention, scores, q, qRow, k, kRow, v, vRow, dq, dk, dv, outRow, t, d,
  ) {
    rowsByRows(dmixed, mixedRow, v, vRow, scores, 4 * t, t, t, d);
    softmaxBackwardRows(scores, attention, scores, t, t);
    for (let j = 0; j < t * t; j++) f[(scores >> 2) + j] /= Math.sqrt(d);
    rowsAddedUp(scores, 4 * t, 4, k, kRow, dq, outRow, t, d, t);
    rowsAddedUp(scores, 4, 4 * t, q, qRow, dk, outRow, t, d, t);
    rowsAddedUp(attention, 4, 4 * t, dmixed, mixedRow, dv, outRow, t, d, t);
  }

  function adamEach(weights, gradient, m, v, n, beta1, rest1, beta2, rest2, eps, rate) {
    for (let j = 0; j < n; j++) {
      const g = f[(gradient >> 2) + j];
      const newM = (f[(m >> 2) + j] = f[(m >> 2) + j] * beta1 + g * rest1);
      const newV = (f[(v >> 2) + j] = f[(v >> 2) + j] * beta2 + g * g * rest2);
      f[(weights >> 2) + j] -= (newM / (Math.sqrt(newV) + eps)) * rate;
    }
  }

  return {
    rowsByRows, rowsAddedUp, softmaxRows, crossEntropyRow, normRows, normBackwardRows, reluEach, reluBackwardEach,
    scoresOfHead, mixOfHead, backwardOfHead, adamEach,
  };
}
