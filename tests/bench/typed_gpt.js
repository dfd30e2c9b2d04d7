// The lab's model, forward, backward and Adam, in JavaScript on one block of memory. It calls kernels: either plain
// loops (plain_kernels.js), or the site's own in WebAssembly (limit.ts). So one program stands for two rows of the
// bench: JavaScript with typed arrays, and the limit of what the kernels can do.
import { plainKernels } from "./plain_kernels.js";

const EPS = 1e-5;

class GPT {
  constructor({ n_layer, n_head, n_embd, vocab_size, block_size, weights, adam }, memory, kernels) {
    Object.assign(this, { layers: n_layer, heads: n_head, width: n_embd, vocabulary: vocab_size, adam, k: kernels });
    this.f = new Float32Array(memory.buffer);
    this.end = 65536; // what lies below is the stack's
    this.count = 0;
    this.at = {};
    for (const [name, rows] of Object.entries(weights)) {
      this.at[name] = this.count * 4;
      this.count += rows.flat().length;
    }
    [this.weights, this.grads, this.m, this.v] = [0, 0, 0, 0].map(() => this.room(this.count));
    this.f.set(Object.values(weights).flat(2), this.weights >> 2);
    const [t, c] = [block_size, n_embd];
    this.mask = this.room(t * t);
    this.maskRow = t * 4;
    for (let i = 0; i < t; i++) this.f.fill(-Infinity, (this.mask >> 2) + i * t + i + 1, (this.mask >> 2) + (i + 1) * t);
    const layer = () => ({
      norm1: this.room(t * c), scale1: this.room(t), qkv: this.room(3 * t * c), scores: this.room(n_head * t * t),
      attention: this.room(n_head * t * t), mixed: this.room(t * c), mid: this.room(t * c), norm2: this.room(t * c),
      scale2: this.room(t), before: this.room(4 * t * c), hidden: this.room(4 * t * c), out: this.room(t * c),
    });
    this.made = Array.from({ length: n_layer }, layer);
    for (const name of ["embedded", "x0", "scale0", "added", "dx", "dmixed"]) this[name] = this.room(t * c);
    for (const name of ["wide", "dwide"]) this[name] = this.room(4 * t * c);
    for (const name of ["logits", "shares"]) this[name] = this.room(t * vocab_size);
    this.steps = 0;
  }

  room(numbers) {
    const at = this.end;
    this.end += Math.ceil(numbers / 4) * 16;
    if (this.end > this.f.byteLength) throw new Error("the memory is too small");
    return at;
  }

  add(a, b, out, n) {
    const f = this.f;
    for (let [i, j, to, end] = [a >> 2, b >> 2, out >> 2, (a >> 2) + n]; i < end; i++, j++, to++) f[to] = f[i] + f[j];
  }

  linear(x, name, out, t, inputs, outputs) {
    this.k.rowsByRows(x, inputs * 4, this.weights + this.at[name], inputs * 4, out, outputs * 4, t, outputs, inputs);
  }

  linearBackward(dout, x, name, dx, t, inputs, outputs) {
    const [w, dw] = [this.weights + this.at[name], this.grads + this.at[name]];
    this.k.rowsAddedUp(dout, 4, outputs * 4, x, inputs * 4, dw, inputs * 4, outputs, inputs, t);
    this.k.rowsAddedUp(dout, outputs * 4, 4, w, inputs * 4, dx, inputs * 4, t, inputs, outputs);
  }

  /** One step on one document; its loss. */
  step(document) {
    const { k, f, width: c, heads, vocabulary, adam } = this;
    const [t, d] = [document.length - 1, c / heads];
    for (let i = 0; i < t; i++) {
      const [token, position, to] = [this.at.wte / 4 + document[i] * c, this.at.wpe / 4 + i * c, this.embedded / 4 + i * c];
      const from = this.weights / 4;
      for (let j = 0; j < c; j++) f[to + j] = f[from + token + j] + f[from + position + j];
    }
    k.normRows(this.embedded, this.x0, this.scale0, t, c, EPS);
    let x = this.x0;
    this.made.forEach((m, i) => {
      m.x = x;
      k.normRows(x, m.norm1, m.scale1, t, c, EPS);
      this.linear(m.norm1, `layer${i}.attn_wq`, m.qkv, t, c, 3 * c); // wq, wk and wv stand side by side
      for (let h = 0; h < heads; h++) {
        const [head, square, row] = [h * d * 4, h * t * t * 4, 12 * c];
        k.scoresOfHead(m.qkv + head, row, m.qkv + 4 * c + head, row, this.mask, this.maskRow, m.scores + square, t, d);
      }
      k.softmaxRows(m.scores, m.attention, heads * t, t);
      for (let h = 0; h < heads; h++) {
        k.mixOfHead(m.attention + h * t * t * 4, m.qkv + 8 * c + h * d * 4, 12 * c, m.mixed + h * d * 4, 4 * c, t, d);
      }
      this.linear(m.mixed, `layer${i}.attn_wo`, this.added, t, c, c);
      this.add(x, this.added, m.mid, t * c);
      k.normRows(m.mid, m.norm2, m.scale2, t, c, EPS);
      this.linear(m.norm2, `layer${i}.mlp_fc1`, m.before, t, c, 4 * c);
      k.reluEach(m.before, m.hidden, 4 * t * c);
      this.linear(m.hidden, `layer${i}.mlp_fc2`, this.added, t, 4 * c, c);
      this.add(m.mid, this.added, m.out, t * c);
      x = m.out;
    });
    this.linear(x, "lm_head", this.logits, t, c, vocabulary);
    let loss = 0;
    for (let i = 0; i < t; i++) {
      const at = i * vocabulary * 4;
      loss += k.crossEntropyRow(this.logits + at, this.shares + at, vocabulary, document[i + 1]);
    }
    for (let i = 0; i < t; i++) f[this.shares / 4 + i * vocabulary + document[i + 1]] -= 1;
    for (let i = this.shares / 4, end = i + t * vocabulary; i < end; i++) f[i] /= t;
    this.backward(document, x, t, d);
    this.steps += 1;
    const rate = adam.learning_rate * (1 - (this.steps - 1) / adam.steps);
    const [c1, root2] = [1 - adam.beta1 ** this.steps, Math.sqrt(1 - adam.beta2 ** this.steps)];
    k.adamEach(
      this.weights, this.grads, this.m, this.v, this.count,
      adam.beta1, 1 - adam.beta1, adam.beta2, 1 - adam.beta2, adam.eps * root2, (rate * root2) / c1,
    );
    return loss / t;
  }

  backward(document, x, t, d) {
    const { k, f, width: c, heads, dx } = this;
    this.linearBackward(this.shares, x, "lm_head", dx, t, c, this.vocabulary);
    for (let i = this.layers - 1; i >= 0; i--) {
      const m = this.made[i];
      this.linearBackward(dx, m.hidden, `layer${i}.mlp_fc2`, this.dwide, t, 4 * c, c);
      k.reluBackwardEach(this.dwide, m.hidden, this.dwide, 4 * t * c);
      this.linearBackward(this.dwide, m.norm2, `layer${i}.mlp_fc1`, this.added, t, c, 4 * c);
      k.normBackwardRows(this.added, m.norm2, m.scale2, this.added, t, c);
      this.add(dx, this.added, dx, t * c);
      this.linearBackward(dx, m.mixed, `layer${i}.attn_wo`, this.dmixed, t, c, c);
      for (let h = 0; h < heads; h++) {
        const [head, square, row] = [h * d * 4, h * t * t * 4, 12 * c];
        const [q, dq] = [m.qkv + head, this.dwide + head];
        k.backwardOfHead(
          this.dmixed + head, 4 * c, m.attention + square, m.scores + square, q, row, q + 4 * c, row, q + 8 * c, row,
          dq, dq + 4 * c, dq + 8 * c, row, t, d,
        );
      }
      this.linearBackward(this.dwide, m.norm1, `layer${i}.attn_wq`, this.added, t, c, 3 * c);
      k.normBackwardRows(this.added, m.norm1, m.scale1, this.added, t, c);
      this.add(dx, this.added, dx, t * c);
    }
    k.normBackwardRows(dx, this.x0, this.scale0, dx, t, c);
    const [wte, wpe] = [this.grads + this.at.wte, this.grads + this.at.wpe].map((at) => at / 4);
    f.fill(0, wte, wte + this.vocabulary * c);
    f.fill(0, wpe, wpe + (this.maskRow / 4) * c);
    for (let i = 0; i < t; i++) {
      const from = dx / 4 + i * c;
      for (let j = 0; j < c; j++) {
        f[wte + document[i] * c + j] += f[from + j];
        f[wpe + i * c + j] = f[from + j];
      }
    }
  }
}

const WARM_UP = 20;

/** Steps on the model's documents, in turns: the losses, and milliseconds a step. `wasm`: the kernels; null for loops. */
export async function train(model, steps, wasm) {
  const memory = new WebAssembly.Memory({ initial: 1024 });
  let kernels = plainKernels(memory.buffer);
  if (wasm) {
    const code = Uint8Array.from(atob(wasm), (character) => character.charCodeAt(0));
    kernels = (await WebAssembly.instantiate(code, { env: { memory } })).instance.exports;
  }
  const gpt = new GPT(model, memory, kernels);
  const losses = [];
  let began = 0;
  for (let step = 0; step < WARM_UP + steps; step++) {
    if (step === WARM_UP) began = performance.now();
    losses.push(gpt.step(model.documents[step % model.documents.length]));
  }
  return { losses, ms: (performance.now() - began) / steps };
}
