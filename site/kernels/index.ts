// The operations of microgpt/ops.py, under the same names, as WebAssembly that calculates four numbers at a time.
//
// Each takes the addresses of NumPy arrays and those of arrays for its results. Each looks first whether they are what
// it can work on: float32, of shapes that fit, rows in one piece. If so it writes the results and says true; if not it
// has touched nothing and says false, and NumPy does it. Nothing here keeps anything in memory of its own.
import { alike, apart, count, data, dense, dimensions, id, ids, matrix, result, rows, size, stride } from "./array";
import { backwardOfHead, mixOfHead, scoresOfHead } from "./attention";
import { adamEach, reluBackwardEach, reluEach } from "./each";
import { rowsAddedUp, rowsByRows } from "./products";
import { crossEntropyRow, normBackwardRows, normRows, softmaxBackwardRows, softmaxRows } from "./rows";

export { count, data, dense, dimensions, recognise, result, rows, size, stride } from "./array"; // for lab/kernels to test

/** The bytes that n numbers take. */
@inline
function bytes(n: i32): usize {
  return <usize>n << 2;
}

export function linear(x: usize, w: usize, out: usize): bool {
  if (!matrix(x) || !matrix(w) || !matrix(out) || !result(out)) return false;
  const t = size(x, 0), inputs = size(x, 1), outputs = size(w, 0);
  if (size(w, 1) != inputs || size(out, 0) != t || size(out, 1) != outputs) return false;
  rowsByRows(data(x), bytes(inputs), data(w), bytes(inputs), data(out), bytes(outputs), t, outputs, inputs);
  return true;
}

export function linear_backward(dout: usize, x: usize, w: usize, dw: usize, dx: usize): bool {
  if (!matrix(dout) || !matrix(x) || !matrix(w) || !matrix(dw) || !matrix(dx) || !result(dw) || !result(dx)) return false;
  const t = size(x, 0), inputs = size(x, 1), outputs = size(w, 0);
  if (size(dout, 0) != t || size(dout, 1) != outputs || size(w, 1) != inputs) return false;
  if (!alike(dw, w) || !alike(dx, x) || !apart(dw, dout) || !apart(dw, x) || !apart(dw, w)) return false;
  const wide = bytes(outputs), row = bytes(inputs);
  rowsAddedUp(data(dout), 4, wide, data(x), row, data(dw), row, outputs, inputs, t); // doutᵀ x
  rowsAddedUp(data(dout), wide, 4, data(w), row, data(dx), row, t, inputs, outputs); // dout w
  return true;
}

export function rmsnorm(x: usize, eps: f32, out: usize, scale: usize): bool {
  if (!matrix(x) || !result(out) || !result(scale) || !alike(out, x)) return false;
  if (count(scale) != size(x, 0)) return false;
  normRows(data(x), data(out), data(scale), size(x, 0), size(x, 1), eps);
  return true;
}

export function rmsnorm_backward(dout: usize, normed: usize, scale: usize, dx: usize): bool {
  if (!matrix(dout) || !dense(normed) || !dense(scale) || !result(dx)) return false;
  if (!alike(normed, dout) || !alike(dx, dout) || dimensions(scale) != 2) return false;
  if (size(scale, 0) != size(dout, 0) || size(scale, 1) != 1) return false;
  normBackwardRows(data(dout), data(normed), data(scale), data(dx), size(dout, 0), size(dout, 1));
  return true;
}

export function relu(x: usize, out: usize): bool {
  if (!dense(x) || !result(out) || !alike(x, out)) return false;
  reluEach(data(x), data(out), count(x));
  return true;
}

export function relu_backward(dout: usize, out: usize, dx: usize): bool {
  if (!dense(dout) || !dense(out) || !result(dx) || !alike(dout, out) || !alike(dout, dx)) return false;
  reluBackwardEach(data(dout), data(out), data(dx), count(out));
  return true;
}

export function softmax(scores: usize, out: usize): bool {
  if (!dense(scores) || !result(out) || !alike(scores, out) || dimensions(scores) < 1 || count(scores) == 0) return false;
  const n = size(scores, dimensions(scores) - 1);
  softmaxRows(data(scores), data(out), count(scores) / n, n);
  return true;
}

export function softmax_backward(dout: usize, p: usize, dscores: usize): bool {
  if (!dense(dout) || !dense(p) || !result(dscores) || !alike(dout, p) || !alike(dout, dscores)) return false;
  if (dimensions(p) < 1 || count(p) == 0) return false;
  const n = size(p, dimensions(p) - 1);
  softmaxBackwardRows(data(dout), data(p), data(dscores), count(p) / n, n);
  return true;
}

/** Heads: (…, H, T, D) with one axis before H or none, rows in one piece. */
function heads(array: usize): bool {
  return rows(array) && (dimensions(array) == 3 || dimensions(array) == 4);
}

// Of an axis from the last: with 1 the last, with 2 the one before.
@inline
function fromEnd(array: usize, back: i32): i32 {
  return size(array, dimensions(array) - back);
}

@inline
function strideFromEnd(array: usize, back: i32): usize {
  return stride(array, dimensions(array) - back);
}

@inline
function batches(array: usize): i32 {
  return dimensions(array) == 4 ? size(array, 0) : 1;
}

/** Where head h of batch b begins. */
@inline
function head(array: usize, b: i32, h: i32): usize {
  const start = data(array) + <usize>h * strideFromEnd(array, 3);
  return dimensions(array) == 4 ? start + <usize>b * stride(array, 0) : start;
}

/** Whether these are weights (…, H, T, T), one after the other, for such heads. */
function square(weights: usize, like: usize): bool {
  if (!dense(weights) || dimensions(weights) != dimensions(like)) return false;
  const t = fromEnd(like, 2);
  if (fromEnd(weights, 1) != t || fromEnd(weights, 2) != t) return false;
  return fromEnd(weights, 3) == fromEnd(like, 3) && batches(weights) == batches(like);
}

export function attention_scores(q: usize, k: usize, mask: usize, out: usize): bool {
  if (!heads(q) || !heads(k) || !alike(q, k) || !rows(mask) || !result(out) || !square(out, q)) return false;
  const t = fromEnd(q, 2), d = fromEnd(q, 1), n = fromEnd(q, 3);
  if (dimensions(mask) != 2 || size(mask, 0) != t || size(mask, 1) != t || d == 0) return false;
  const qRow = strideFromEnd(q, 2), kRow = strideFromEnd(k, 2), maskRow = stride(mask, 0);
  let to = data(out);
  for (let b = 0, all = batches(q); b < all; b++) {
    for (let h = 0; h < n; h++) {
      scoresOfHead(head(q, b, h), qRow, head(k, b, h), kRow, data(mask), maskRow, to, t, d);
      to += bytes(t * t);
    }
  }
  return true;
}

export function attention_mix(attention: usize, v: usize, out: usize): bool {
  if (!heads(v) || !square(attention, v) || !result(out) || dimensions(out) != dimensions(v) - 1) return false;
  const t = fromEnd(v, 2), d = fromEnd(v, 1), n = fromEnd(v, 3), row = bytes(n * d);
  if (fromEnd(out, 1) != n * d || fromEnd(out, 2) != t) return false;
  if (dimensions(out) == 3 && size(out, 0) != batches(v)) return false;
  let from = data(attention);
  for (let b = 0, all = batches(v); b < all; b++) {
    for (let h = 0; h < n; h++) {
      const to = data(out) + <usize>(b * t) * row + bytes(h * d);
      mixOfHead(from, head(v, b, h), strideFromEnd(v, 2), to, row, t, d);
      from += bytes(t * t);
    }
  }
  return true;
}

export function attention_backward(
  dmixed: usize, attention: usize, q: usize, k: usize, v: usize, dscores: usize, dqkv: usize,
): bool {
  if (!matrix(dmixed) || !heads(q) || !heads(k) || !heads(v) || dimensions(q) != 3) return false;
  if (!alike(q, k) || !alike(q, v) || !square(attention, q) || !result(dscores) || !alike(dscores, attention)) return false;
  const n = size(q, 0), t = size(q, 1), d = size(q, 2), width = n * d;
  if (size(dmixed, 0) != t || size(dmixed, 1) != width || d == 0) return false;
  if (!result(dqkv) || !matrix(dqkv) || size(dqkv, 0) != t || size(dqkv, 1) != 3 * width) return false;
  const mixedRow = bytes(width), outRow = bytes(3 * width);
  for (let h = 0; h < n; h++) {
    const square = bytes(h * t * t), left = bytes(h * d), dq = data(dqkv) + left;
    backwardOfHead(
      data(dmixed) + left, mixedRow, data(attention) + square, data(dscores) + square,
      head(q, 0, h), stride(q, 1), head(k, 0, h), stride(k, 1), head(v, 0, h), stride(v, 1),
      dq, dq + mixedRow, dq + 2 * mixedRow, outRow, t, d,
    );
  }
  return true;
}

export function embedding_backward(dout: usize, tokens: usize, dw: usize): bool {
  if (!matrix(dout) || !matrix(dw) || !result(dw) || !apart(dout, dw)) return false;
  const t = size(dout, 0), width = size(dout, 1);
  if (size(dw, 1) != width || !ids(tokens, size(dw, 0)) || size(tokens, 0) != t) return false;
  memory.fill(data(dw), 0, bytes(count(dw)));
  for (let i = 0; i < t; i++) {
    const from = data(dout) + bytes(i * width), to = data(dw) + <usize>id(tokens, i) * bytes(width);
    for (let at: usize = 0; at < bytes(width); at += 4) store<f32>(to + at, load<f32>(to + at) + load<f32>(from + at));
  }
  return true;
}

export function softmax_and_cross_entropy(logits: usize, targets: usize, out: usize, losses: usize): bool {
  if (!matrix(logits) || !result(out) || !alike(out, logits) || !result(losses)) return false;
  const t = size(logits, 0), n = size(logits, 1);
  if (!ids(targets, n) || size(targets, 0) != t || dimensions(losses) != 1 || size(losses, 0) != t) return false;
  for (let i = 0; i < t; i++) {
    const at = bytes(i * n);
    store<f32>(data(losses) + bytes(i), crossEntropyRow(data(logits) + at, data(out) + at, n, id(targets, i)));
  }
  return true;
}

export function cross_entropy_backward(p: usize, targets: usize, dlogits: usize): bool {
  if (!matrix(p) || !result(dlogits) || !alike(dlogits, p)) return false;
  const t = size(p, 0), n = size(p, 1);
  if (!ids(targets, n) || size(targets, 0) != t) return false;
  for (let i = 0; i < t; i++) {
    const from = data(p) + bytes(i * n), to = data(dlogits) + bytes(i * n), target = bytes(id(targets, i));
    for (let at: usize = 0; at < bytes(n); at += 4) {
      store<f32>(to + at, (load<f32>(from + at) - (at == target ? <f32>1 : <f32>0)) / <f32>t);
    }
  }
  return true;
}

export function adam_update(
  weights: usize, gradient: usize, m: usize, v: usize,
  beta1: f32, rest1: f32, beta2: f32, rest2: f32, eps: f32, rate: f32,
): bool {
  if (!result(weights) || !dense(gradient) || !result(m) || !result(v)) return false;
  if (!alike(weights, gradient) || !alike(weights, m) || !alike(weights, v)) return false;
  if (!apart(weights, gradient) || !apart(weights, m) || !apart(weights, v)) return false;
  if (!apart(gradient, m) || !apart(gradient, v) || !apart(m, v)) return false;
  adamEach(data(weights), data(gradient), data(m), data(v), count(weights), beta1, rest1, beta2, rest2, eps, rate);
  return true;
}
