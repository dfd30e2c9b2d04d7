// What is done to each row by itself: softmax, RMSNorm, cross-entropy. A row is read four numbers at a time; the last
// one to three are filled up with numbers that change nothing.
import { dot, sum } from "./products";

/** The last `left` numbers of a row, 1 to 3, filled up. */
@inline
function loadRest(from: usize, left: i32, filling: f32): v128 {
  let four = f32x4.replace_lane(f32x4.splat(filling), 0, load<f32>(from));
  if (left > 1) four = f32x4.replace_lane(four, 1, load<f32>(from, 4));
  if (left > 2) four = f32x4.replace_lane(four, 2, load<f32>(from, 8));
  return four;
}

@inline
function storeRest(to: usize, left: i32, four: v128): void {
  store<f32>(to, f32x4.extract_lane(four, 0));
  if (left > 1) store<f32>(to, f32x4.extract_lane(four, 1), 4);
  if (left > 2) store<f32>(to, f32x4.extract_lane(four, 2), 8);
}

/**
 * e to the power of four numbers, none above 0, each to within two units of its last place; 0 below −87.3. After
 * Cephes (Moshier): e^x = 2^n · e^r with a whole n and r between −ln 2 / 2 and ln 2 / 2, and e^r by a polynomial.
 */
@inline
export function exp(x: v128): v128 {
  const small = f32x4.lt(x, f32x4.splat(-87.3));
  x = f32x4.max(x, f32x4.splat(-87.3));
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504)));
  let r = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375))); // ln 2 in two parts: the first is exact
  r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(-2.12194440e-4)));
  let p = f32x4.splat(1.9875691500e-4);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.6666665459e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(5.0000001201e-1));
  p = f32x4.add(f32x4.add(f32x4.mul(p, f32x4.mul(r, r)), r), f32x4.splat(1));
  // 2^n is put together from its bits
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return v128.andnot(f32x4.mul(p, power), small);
}

/** The natural logarithm of x, from 1 on; by the series of artanh. */
export function ln(x: f64): f64 {
  if (!(x < Infinity)) return x; // infinite, or not a number
  const bits = reinterpret<u64>(x);
  let exponent = <f64>(<i64>(bits >> 52) - 1023);
  let m = reinterpret<f64>((bits & 0x000fffffffffffff) | 0x3ff0000000000000); // 1 to 2
  if (m > 1.4142135623730951) {
    m *= 0.5;
    exponent += 1;
  }
  const s = (m - 1) / (m + 1), z = s * s;
  const series = 1 + z * (1.0 / 3 + z * (1.0 / 5 + z * (1.0 / 7 + z * (1.0 / 9 + z * (1.0 / 11 + z * (1.0 / 13 + z / 15))))));
  return exponent * 0.6931471805599453 + 2 * s * series;
}

function largest(x: usize, n: i32): f32 {
  const whole = <usize>(n & ~3) << 2, left = n & 3;
  let most = f32x4.splat(-Infinity);
  for (let at: usize = 0; at < whole; at += 16) most = f32x4.max(most, v128.load(x + at));
  if (left) most = f32x4.max(most, loadRest(x + whole, left, -Infinity));
  return max(
    max(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1)),
    max(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3)),
  );
}

/** Softmax of a row of n; returns the sum of the exponentials, of which `out` gets the shares. */
export function softmaxRow(x: usize, out: usize, n: i32, top: f32): f32 {
  const whole = <usize>(n & ~3) << 2, left = n & 3, tops = f32x4.splat(top);
  let totals = f32x4.splat(0);
  for (let at: usize = 0; at < whole; at += 16) {
    const e = exp(f32x4.sub(v128.load(x + at), tops));
    totals = f32x4.add(totals, e);
    v128.store(out + at, e);
  }
  if (left) {
    const e = exp(f32x4.sub(loadRest(x + whole, left, -Infinity), tops));
    totals = f32x4.add(totals, e);
    storeRest(out + whole, left, e);
  }
  const total = sum(totals), divisor = f32x4.splat(total);
  for (let at: usize = 0; at < whole; at += 16) v128.store(out + at, f32x4.div(v128.load(out + at), divisor));
  for (let at = whole, end = <usize>n << 2; at < end; at += 4) store<f32>(out + at, load<f32>(out + at) / total);
  return total;
}

export function softmaxRows(x: usize, out: usize, m: i32, n: i32): void {
  const row = <usize>n << 2;
  for (let i = 0; i < m; i++) softmaxRow(x + <usize>i * row, out + <usize>i * row, n, largest(x + <usize>i * row, n));
}

/** The shares of a row of n, and −ln of that of the target. */
export function crossEntropyRow(x: usize, out: usize, n: i32, target: u32): f32 {
  const top = largest(x, n);
  const total = softmaxRow(x, out, n, top);
  return <f32>ln(total) - (load<f32>(x + (<usize>target << 2)) - top);
}

/** dscores = p · (dout − Σ dout p), row by row. */
export function softmaxBackwardRows(dout: usize, p: usize, out: usize, m: i32, n: i32): void {
  const row = <usize>n << 2, whole = <usize>(n & ~3) << 2;
  for (let i = 0; i < m; i++) {
    const along = dot(dout, p, n), alongs = f32x4.splat(along);
    for (let at: usize = 0; at < whole; at += 16) {
      v128.store(out + at, f32x4.mul(v128.load(p + at), f32x4.sub(v128.load(dout + at), alongs)));
    }
    for (let at = whole; at < row; at += 4) store<f32>(out + at, load<f32>(p + at) * (load<f32>(dout + at) - along));
    dout += row;
    p += row;
    out += row;
  }
}

/** x / √(mean of x² + eps), row by row; that factor goes into `scale`. */
export function normRows(x: usize, out: usize, scale: usize, m: i32, n: i32, eps: f32): void {
  const row = <usize>n << 2, whole = <usize>(n & ~3) << 2;
  for (let i = 0; i < m; i++) {
    const factor: f32 = 1 / sqrt<f32>(dot(x, x, n) / <f32>n + eps), factors = f32x4.splat(factor);
    for (let at: usize = 0; at < whole; at += 16) v128.store(out + at, f32x4.mul(v128.load(x + at), factors));
    for (let at = whole; at < row; at += 4) store<f32>(out + at, load<f32>(x + at) * factor);
    store<f32>(scale + (<usize>i << 2), factor);
    x += row;
    out += row;
  }
}

/** dx = (dout − normed · mean of dout · normed) · scale, row by row. */
export function normBackwardRows(dout: usize, normed: usize, scale: usize, out: usize, m: i32, n: i32): void {
  const row = <usize>n << 2, whole = <usize>(n & ~3) << 2;
  for (let i = 0; i < m; i++) {
    const along = dot(dout, normed, n) / <f32>n, factor = load<f32>(scale + (<usize>i << 2));
    const alongs = f32x4.splat(along), factors = f32x4.splat(factor);
    for (let at: usize = 0; at < whole; at += 16) {
      const inner = f32x4.sub(v128.load(dout + at), f32x4.mul(v128.load(normed + at), alongs));
      v128.store(out + at, f32x4.mul(inner, factors));
    }
    for (let at = whole; at < row; at += 4) {
      store<f32>(out + at, (load<f32>(dout + at) - load<f32>(normed + at) * along) * factor);
    }
    dout += row;
    normed += row;
    out += row;
  }
}
