// The lab's model as one writes it in JavaScript without a library: an object for every number, a graph of them,
// and the chain rule along it. It is here to be measured against, so it is not made slower than it need be: nodes
// are marked rather than put in a set, and no node is made for a sum's zero.

let pass = 0;

class Value {
  constructor(data, parts = [], slopes = []) {
    this.data = data;
    this.grad = 0;
    this.parts = parts; // what it was made from
    this.slopes = slopes; // d(this) / d(part), one for each
    this.seen = 0; // the last backward pass that came by
  }

  plus(other) {
    return new Value(this.data + other.data, [this, other], [1, 1]);
  }

  times(other) {
    return new Value(this.data * other.data, [this, other], [other.data, this.data]);
  }

  scaled(factor) {
    return new Value(this.data * factor, [this], [factor]);
  }

  shifted(amount) {
    return new Value(this.data + amount, [this], [1]);
  }

  power(exponent) {
    return new Value(this.data ** exponent, [this], [exponent * this.data ** (exponent - 1)]);
  }

  exp() {
    const result = Math.exp(this.data);
    return new Value(result, [this], [result]);
  }

  log() {
    return new Value(Math.log(this.data), [this], [1 / this.data]);
  }

  relu() {
    return new Value(Math.max(0, this.data), [this], [this.data > 0 ? 1 : 0]);
  }

  backward() {
    const order = this.partsFirst();
    this.grad = 1;
    for (let i = order.length - 1; i >= 0; i--) {
      const { parts, slopes, grad } = order[i];
      for (let j = 0; j < parts.length; j++) parts[j].grad += slopes[j] * grad;
    }
  }

  partsFirst() {
    pass += 1;
    const order = [];
    const stack = [[this, 0]]; // a node, and how many of its parts have been gone into
    this.seen = pass;
    while (stack.length) {
      const top = stack[stack.length - 1];
      const part = top[0].parts[top[1]++];
      if (part === undefined) {
        order.push(top[0]);
        stack.pop();
      } else if (part.seen !== pass) {
        part.seen = pass;
        stack.push([part, 0]);
      }
    }
    return order;
  }
}

const sum = (values) => values.reduce((total, value) => total.plus(value));

function dot(a, b) {
  let total = a[0].times(b[0]);
  for (let i = 1; i < a.length; i++) total = total.plus(a[i].times(b[i]));
  return total;
}

const linear = (x, w) => w.map((row) => dot(row, x));
const add = (a, b) => a.map((value, i) => value.plus(b[i]));

function rmsnorm(x) {
  const scale = dot(x, x).scaled(1 / x.length).shifted(1e-5).power(-0.5);
  return x.map((value) => value.times(scale));
}

function softmax(scores) {
  const largest = Math.max(...scores.map((score) => score.data));
  const exps = scores.map((score) => score.shifted(-largest).exp());
  const share = sum(exps).power(-1);
  return exps.map((value) => value.times(share));
}

class GPT {
  constructor({ n_layer, n_head, weights }) {
    this.layers = n_layer;
    this.heads = n_head;
    this.weights = {};
    for (const [name, rows] of Object.entries(weights)) {
      this.weights[name] = rows.map((row) => row.map((number) => new Value(number)));
    }
    this.parameters = Object.values(this.weights).flat(2);
  }

  loss(document) {
    this.keys = Array.from({ length: this.layers }, () => []);
    this.values = Array.from({ length: this.layers }, () => []);
    const losses = [];
    for (let position = 0; position + 1 < document.length; position++) {
      const guess = softmax(this.logits(document[position], position));
      losses.push(guess[document[position + 1]].log().scaled(-1));
    }
    return sum(losses).scaled(1 / losses.length);
  }

  logits(token, position) {
    let x = rmsnorm(add(this.weights.wte[token], this.weights.wpe[position]));
    for (let layer = 0; layer < this.layers; layer++) {
      x = add(x, this.attention(layer, rmsnorm(x)));
      const hidden = linear(rmsnorm(x), this.weights[`layer${layer}.mlp_fc1`]).map((value) => value.relu());
      x = add(x, linear(hidden, this.weights[`layer${layer}.mlp_fc2`]));
    }
    return linear(x, this.weights.lm_head);
  }

  attention(layer, x) {
    const matrix = (name) => this.weights[`layer${layer}.attn_${name}`];
    const query = linear(x, matrix("wq"));
    this.keys[layer].push(linear(x, matrix("wk")));
    this.values[layer].push(linear(x, matrix("wv")));
    const size = x.length / this.heads;
    const mixed = [];
    for (let from = 0; from < x.length; from += size) {
      const part = (vector) => vector.slice(from, from + size);
      const looks = softmax(this.keys[layer].map((key) => dot(part(query), part(key)).scaled(size ** -0.5)));
      for (let i = from; i < from + size; i++) mixed.push(dot(looks, this.values[layer].map((value) => value[i])));
    }
    return linear(mixed, matrix("wo"));
  }
}

class Adam {
  constructor(parameters, { learning_rate, beta1, beta2, eps, steps }) {
    Object.assign(this, { parameters, learning_rate, beta1, beta2, eps, steps, count: 0 });
    this.m = new Float64Array(parameters.length);
    this.v = new Float64Array(parameters.length);
  }

  step() {
    const { m, v, beta1, beta2 } = this;
    const rate = this.learning_rate * (1 - this.count / this.steps);
    this.count += 1;
    const [c1, c2] = [1 - beta1 ** this.count, 1 - beta2 ** this.count];
    this.parameters.forEach((parameter, i) => {
      m[i] = beta1 * m[i] + (1 - beta1) * parameter.grad;
      v[i] = beta2 * v[i] + (1 - beta2) * parameter.grad ** 2;
      parameter.data -= (rate * (m[i] / c1)) / (Math.sqrt(v[i] / c2) + this.eps);
      parameter.grad = 0;
    });
  }
}

// One training step on each document: the losses, and the milliseconds each of them took.
export function train(model) {
  const gpt = new GPT(model);
  const adam = new Adam(gpt.parameters, model.adam);
  const ms = [];
  const losses = model.documents.map((document) => {
    const began = performance.now();
    const loss = gpt.loss(document);
    loss.backward();
    adam.step();
    ms.push(performance.now() - began);
    return loss.data;
  });
  return { losses, ms };
}
