// What is done to each number by itself: ReLU, and Adam's step.

/** The larger of x and 0. */
export function reluEach(x: usize, out: usize, n: i32): void {
  const whole = <usize>(n & ~3) << 2, zero = f32x4.splat(0);
  for (let at: usize = 0; at < whole; at += 16) v128.store(out + at, f32x4.max(v128.load(x + at), zero));
  for (let at = whole, end = <usize>n << 2; at < end; at += 4) store<f32>(out + at, max<f32>(load<f32>(x + at), 0));
}

/** dout times the sign of the result: 1 where ReLU let it through, else 0. */
export function reluBackwardEach(dout: usize, result: usize, out: usize, n: i32): void {
  const whole = <usize>(n & ~3) << 2, zero = f32x4.splat(0), one = f32x4.splat(1), minus = f32x4.splat(-1);
  for (let at: usize = 0; at < whole; at += 16) {
    const y = v128.load(result + at);
    let slope = v128.or(v128.and(f32x4.gt(y, zero), one), v128.and(f32x4.lt(y, zero), minus));
    slope = v128.or(slope, f32x4.ne(y, y)); // what is not a number stays so
    v128.store(out + at, f32x4.mul(v128.load(dout + at), slope));
  }
  for (let at = whole, end = <usize>n << 2; at < end; at += 4) {
    const y = load<f32>(result + at), slope: f32 = y > 0 ? 1 : y < 0 ? -1 : y;
    store<f32>(out + at, load<f32>(dout + at) * slope);
  }
}

/** Adam: m and v move on, and the weights by rate · m / (√v + eps). To the last bit what NumPy gives. */
export function adamEach(
  weights: usize, gradient: usize, m: usize, v: usize, n: i32,
  beta1: f32, rest1: f32, beta2: f32, rest2: f32, eps: f32, rate: f32,
): void {
  const whole = <usize>(n & ~3) << 2, end = <usize>n << 2;
  const beta1s = f32x4.splat(beta1), rest1s = f32x4.splat(rest1), beta2s = f32x4.splat(beta2);
  const rest2s = f32x4.splat(rest2), epses = f32x4.splat(eps), rates = f32x4.splat(rate);
  for (let at: usize = 0; at < whole; at += 16) {
    const g = v128.load(gradient + at);
    const newM = f32x4.add(f32x4.mul(v128.load(m + at), beta1s), f32x4.mul(g, rest1s));
    const newV = f32x4.add(f32x4.mul(v128.load(v + at), beta2s), f32x4.mul(f32x4.mul(g, g), rest2s));
    v128.store(m + at, newM);
    v128.store(v + at, newV);
    const move = f32x4.mul(f32x4.div(newM, f32x4.add(f32x4.sqrt(newV), epses)), rates);
    v128.store(weights + at, f32x4.sub(v128.load(weights + at), move));
  }
  for (let at = whole; at < end; at += 4) {
    const g = load<f32>(gradient + at);
    const newM = load<f32>(m + at) * beta1 + g * rest1, newV = load<f32>(v + at) * beta2 + g * g * rest2;
    store<f32>(m + at, newM);
    store<f32>(v + at, newV);
    store<f32>(weights + at, load<f32>(weights + at) - (newM / (sqrt<f32>(newV) + eps)) * rate);
  }
}
