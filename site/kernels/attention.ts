// Attention of one head: t positions, each with a query, a key and a value of d numbers. A matrix is an address and
// the number of bytes from one row to the next.
import { rowsAddedUp, rowsByRows } from "./products";
import { softmaxBackwardRows } from "./rows";

/** scores (t, t) = q kᵀ / √d + mask. */
export function scoresOfHead(
  q: usize, qRow: usize, k: usize, kRow: usize, mask: usize, maskRow: usize, out: usize, t: i32, d: i32,
): void {
  const row = <usize>t << 2, whole = <usize>(t & ~3) << 2, root = <f32>Math.sqrt(d), roots = f32x4.splat(root);
  rowsByRows(q, qRow, k, kRow, out, row, t, t, d);
  for (let i = 0; i < t; i++) {
    for (let at: usize = 0; at < whole; at += 16) {
      v128.store(out + at, f32x4.add(f32x4.div(v128.load(out + at), roots), v128.load(mask + at)));
    }
    for (let at = whole; at < row; at += 4) store<f32>(out + at, load<f32>(out + at) / root + load<f32>(mask + at));
    out += row;
    mask += maskRow;
  }
}

/** mixed (t, d) = attention (t, t) times v. */
export function mixOfHead(attention: usize, v: usize, vRow: usize, out: usize, outRow: usize, t: i32, d: i32): void {
  rowsAddedUp(attention, <usize>t << 2, 4, v, vRow, out, outRow, t, d, t);
}

/** Back through both and the softmax between them; `scores` (t, t) is room to work in. */
export function backwardOfHead(
  dmixed: usize, mixedRow: usize, attention: usize, scores: usize, q: usize, qRow: usize, k: usize, kRow: usize,
  v: usize, vRow: usize, dq: usize, dk: usize, dv: usize, outRow: usize, t: i32, d: i32,
): void {
  const row = <usize>t << 2, root = <f32>Math.sqrt(d);
  rowsByRows(dmixed, mixedRow, v, vRow, scores, row, t, t, d); // dattention
  softmaxBackwardRows(scores, attention, scores, t, t);
  for (let at: usize = 0, end = <usize>(t * t) << 2; at < end; at += 4) store<f32>(scores + at, load<f32>(scores + at) / root);
  rowsAddedUp(scores, row, 4, k, kRow, dq, outRow, t, d, t);
  rowsAddedUp(scores, 4, row, q, qRow, dk, outRow, t, d, t);
  rowsAddedUp(attention, 4, row, dmixed, mixedRow, dv, outRow, t, d, t);
}
