// Products of matrices, in blocks of 4 × 4 numbers and more that stay in registers until they are done. Four numbers
// are multiplied by one instruction.
//
// A matrix is an address and the number of bytes from one row to the next. Each number of a result is a sum that is
// added up in the same order wherever in a block it falls, so that a row comes out the same among many as alone.

/** out (m, n) = a (m, k) times the transpose of b (n, k): each row of a with each row of b. */
export function rowsByRows(
  a: usize, aRow: usize, b: usize, bRow: usize, out: usize, outRow: usize, m: i32, n: i32, k: i32,
): void {
  let i = 0;
  for (; i + 4 <= m; i += 4) fourRows(a + <usize>i * aRow, aRow, b, bRow, out + <usize>i * outRow, outRow, n, k);
  for (; i < m; i++) oneRow(a + <usize>i * aRow, b, bRow, out + <usize>i * outRow, n, k);
}

// Four rows of a, two of b at a time: eight sums of four lanes each.
function fourRows(a0: usize, aRow: usize, b: usize, bRow: usize, out: usize, outRow: usize, n: i32, k: i32): void {
  const a1 = a0 + aRow, a2 = a1 + aRow, a3 = a2 + aRow;
  const whole = <usize>(k & ~3) << 2;
  let j = 0;
  for (; j + 2 <= n; j += 2) {
    const b0 = b + <usize>j * bRow, b1 = b0 + bRow;
    let s00 = f32x4.splat(0), s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00, s30 = s00, s31 = s00;
    for (let at: usize = 0; at < whole; at += 16) {
      const y0 = v128.load(b0 + at), y1 = v128.load(b1 + at);
      let x = v128.load(a0 + at);
      s00 = f32x4.add(s00, f32x4.mul(x, y0));
      s01 = f32x4.add(s01, f32x4.mul(x, y1));
      x = v128.load(a1 + at);
      s10 = f32x4.add(s10, f32x4.mul(x, y0));
      s11 = f32x4.add(s11, f32x4.mul(x, y1));
      x = v128.load(a2 + at);
      s20 = f32x4.add(s20, f32x4.mul(x, y0));
      s21 = f32x4.add(s21, f32x4.mul(x, y1));
      x = v128.load(a3 + at);
      s30 = f32x4.add(s30, f32x4.mul(x, y0));
      s31 = f32x4.add(s31, f32x4.mul(x, y1));
    }
    let to = out + (<usize>j << 2);
    const first = sums(s00, s10, s20, s30), second = sums(s01, s11, s21, s31);
    store<f32>(to, rest(f32x4.extract_lane(first, 0), a0, b0, whole, k));
    store<f32>(to, rest(f32x4.extract_lane(second, 0), a0, b1, whole, k), 4);
    to += outRow;
    store<f32>(to, rest(f32x4.extract_lane(first, 1), a1, b0, whole, k));
    store<f32>(to, rest(f32x4.extract_lane(second, 1), a1, b1, whole, k), 4);
    to += outRow;
    store<f32>(to, rest(f32x4.extract_lane(first, 2), a2, b0, whole, k));
    store<f32>(to, rest(f32x4.extract_lane(second, 2), a2, b1, whole, k), 4);
    to += outRow;
    store<f32>(to, rest(f32x4.extract_lane(first, 3), a3, b0, whole, k));
    store<f32>(to, rest(f32x4.extract_lane(second, 3), a3, b1, whole, k), 4);
  }
  if (j < n) {
    const b0 = b + <usize>j * bRow, to = out + (<usize>j << 2);
    store<f32>(to, dot(a0, b0, k));
    store<f32>(to + outRow, dot(a1, b0, k));
    store<f32>(to + 2 * outRow, dot(a2, b0, k));
    store<f32>(to + 3 * outRow, dot(a3, b0, k));
  }
}

function oneRow(a: usize, b: usize, bRow: usize, out: usize, n: i32, k: i32): void {
  const whole = <usize>(k & ~3) << 2;
  let j = 0;
  for (; j + 4 <= n; j += 4) {
    const b0 = b + <usize>j * bRow, b1 = b0 + bRow, b2 = b1 + bRow, b3 = b2 + bRow, to = out + (<usize>j << 2);
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
    for (let at: usize = 0; at < whole; at += 16) {
      const x = v128.load(a + at);
      s0 = f32x4.add(s0, f32x4.mul(x, v128.load(b0 + at)));
      s1 = f32x4.add(s1, f32x4.mul(x, v128.load(b1 + at)));
      s2 = f32x4.add(s2, f32x4.mul(x, v128.load(b2 + at)));
      s3 = f32x4.add(s3, f32x4.mul(x, v128.load(b3 + at)));
    }
    const four = sums(s0, s1, s2, s3);
    store<f32>(to, rest(f32x4.extract_lane(four, 0), a, b0, whole, k));
    store<f32>(to, rest(f32x4.extract_lane(four, 1), a, b1, whole, k), 4);
    store<f32>(to, rest(f32x4.extract_lane(four, 2), a, b2, whole, k), 8);
    store<f32>(to, rest(f32x4.extract_lane(four, 3), a, b3, whole, k), 12);
  }
  for (; j < n; j++) store<f32>(out + (<usize>j << 2), dot(a, b + <usize>j * bRow, k));
}

/** The four lanes of each, added up: (0 + 2) + (1 + 3). */
@inline
function sums(s0: v128, s1: v128, s2: v128, s3: v128): v128 {
  const low = f32x4.add(v128.shuffle<f32>(s0, s1, 0, 4, 1, 5), v128.shuffle<f32>(s0, s1, 2, 6, 3, 7));
  const high = f32x4.add(v128.shuffle<f32>(s2, s3, 0, 4, 1, 5), v128.shuffle<f32>(s2, s3, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<f32>(low, high, 0, 1, 4, 5), v128.shuffle<f32>(low, high, 2, 3, 6, 7));
}

/** Those lanes of one. */
@inline
export function sum(s: v128): f32 {
  return f32x4.extract_lane(s, 0) + f32x4.extract_lane(s, 2) + (f32x4.extract_lane(s, 1) + f32x4.extract_lane(s, 3));
}

/** Adds the products behind the last whole four. */
@inline
function rest(total: f32, a: usize, b: usize, whole: usize, k: i32): f32 {
  for (let at = whole, end = <usize>k << 2; at < end; at += 4) total += load<f32>(a + at) * load<f32>(b + at);
  return total;
}

/** The sum of the products of two rows of k numbers. */
export function dot(a: usize, b: usize, k: i32): f32 {
  const whole = <usize>(k & ~3) << 2;
  let s = f32x4.splat(0);
  for (let at: usize = 0; at < whole; at += 16) s = f32x4.add(s, f32x4.mul(v128.load(a + at), v128.load(b + at)));
  return rest(sum(s), a, b, whole, k);
}

/**
 * out (m, n) = a (m, k) times b (k, n): rows of b, each as often as a says, added up. `aDown` and `aAlong` are the
 * bytes to the next row and the next column of a: changed about, they make a its transpose.
 */
export function rowsAddedUp(
  a: usize, aDown: usize, aAlong: usize, b: usize, bRow: usize, out: usize, outRow: usize, m: i32, n: i32, k: i32,
): void {
  let i = 0;
  for (; i + 4 <= m; i += 4) {
    const from = a + <usize>i * aDown, to = out + <usize>i * outRow;
    let j = 0;
    for (; j + 8 <= n; j += 8) block4x8(from, aDown, aAlong, b + (<usize>j << 2), bRow, to + (<usize>j << 2), outRow, k);
    for (; j + 4 <= n; j += 4) block4x4(from, aDown, aAlong, b + (<usize>j << 2), bRow, to + (<usize>j << 2), outRow, k);
    for (; j < n; j++) {
      const column = b + (<usize>j << 2), place = to + (<usize>j << 2);
      for (let row: usize = 0; row < 4; row++) {
        store<f32>(place + row * outRow, single(from + row * aDown, aAlong, column, bRow, k));
      }
    }
  }
  for (; i < m; i++) {
    const from = a + <usize>i * aDown, to = out + <usize>i * outRow;
    let j = 0;
    for (; j + 16 <= n; j += 16) block1x16(from, aAlong, b + (<usize>j << 2), bRow, to + (<usize>j << 2), k);
    for (; j + 4 <= n; j += 4) block1x4(from, aAlong, b + (<usize>j << 2), bRow, to + (<usize>j << 2), k);
    for (; j < n; j++) {
      store<f32>(to + (<usize>j << 2), single(from, aAlong, b + (<usize>j << 2), bRow, k));
    }
  }
}

@inline
function block4x8(
  a: usize, aDown: usize, aAlong: usize, b: usize, bRow: usize, out: usize, outRow: usize, k: i32,
): void {
  let s00 = f32x4.splat(0), s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00, s30 = s00, s31 = s00;
  let a1 = a + aDown, a2 = a1 + aDown, a3 = a2 + aDown;
  for (let step = 0; step < k; step++) {
    const y0 = v128.load(b), y1 = v128.load(b, 16);
    let x = v128.load32_splat(a);
    s00 = f32x4.add(s00, f32x4.mul(x, y0));
    s01 = f32x4.add(s01, f32x4.mul(x, y1));
    x = v128.load32_splat(a1);
    s10 = f32x4.add(s10, f32x4.mul(x, y0));
    s11 = f32x4.add(s11, f32x4.mul(x, y1));
    x = v128.load32_splat(a2);
    s20 = f32x4.add(s20, f32x4.mul(x, y0));
    s21 = f32x4.add(s21, f32x4.mul(x, y1));
    x = v128.load32_splat(a3);
    s30 = f32x4.add(s30, f32x4.mul(x, y0));
    s31 = f32x4.add(s31, f32x4.mul(x, y1));
    a += aAlong;
    a1 += aAlong;
    a2 += aAlong;
    a3 += aAlong;
    b += bRow;
  }
  v128.store(out, s00);
  v128.store(out, s01, 16);
  v128.store(out + outRow, s10);
  v128.store(out + outRow, s11, 16);
  v128.store(out + 2 * outRow, s20);
  v128.store(out + 2 * outRow, s21, 16);
  v128.store(out + 3 * outRow, s30);
  v128.store(out + 3 * outRow, s31, 16);
}

@inline
function block4x4(
  a: usize, aDown: usize, aAlong: usize, b: usize, bRow: usize, out: usize, outRow: usize, k: i32,
): void {
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
  for (let step = 0; step < k; step++) {
    const y = v128.load(b);
    s0 = f32x4.add(s0, f32x4.mul(v128.load32_splat(a), y));
    s1 = f32x4.add(s1, f32x4.mul(v128.load32_splat(a + aDown), y));
    s2 = f32x4.add(s2, f32x4.mul(v128.load32_splat(a + 2 * aDown), y));
    s3 = f32x4.add(s3, f32x4.mul(v128.load32_splat(a + 3 * aDown), y));
    a += aAlong;
    b += bRow;
  }
  v128.store(out, s0);
  v128.store(out + outRow, s1);
  v128.store(out + 2 * outRow, s2);
  v128.store(out + 3 * outRow, s3);
}

@inline
function block1x16(a: usize, aAlong: usize, b: usize, bRow: usize, out: usize, k: i32): void {
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
  for (let step = 0; step < k; step++) {
    const x = v128.load32_splat(a);
    s0 = f32x4.add(s0, f32x4.mul(x, v128.load(b)));
    s1 = f32x4.add(s1, f32x4.mul(x, v128.load(b, 16)));
    s2 = f32x4.add(s2, f32x4.mul(x, v128.load(b, 32)));
    s3 = f32x4.add(s3, f32x4.mul(x, v128.load(b, 48)));
    a += aAlong;
    b += bRow;
  }
  v128.store(out, s0);
  v128.store(out, s1, 16);
  v128.store(out, s2, 32);
  v128.store(out, s3, 48);
}

@inline
function block1x4(a: usize, aAlong: usize, b: usize, bRow: usize, out: usize, k: i32): void {
  let s = f32x4.splat(0);
  for (let step = 0; step < k; step++) {
    s = f32x4.add(s, f32x4.mul(v128.load32_splat(a), v128.load(b)));
    a += aAlong;
    b += bRow;
  }
  v128.store(out, s);
}

@inline
function single(a: usize, aAlong: usize, b: usize, bRow: usize, k: i32): f32 {
  let s: f32 = 0;
  for (let step = 0; step < k; step++) {
    s += load<f32>(a) * load<f32>(b);
    a += aAlong;
    b += bRow;
  }
  return s;
}
