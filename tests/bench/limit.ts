// The site's own kernels, bare, for a program in JavaScript that does nothing but call them: see typed_gpt.js. What it
// takes for a step is the least that a step on these kernels can take, whoever calls them.
export { backwardOfHead, mixOfHead, scoresOfHead } from "../../site/kernels/attention";
export { adamEach, reluBackwardEach, reluEach } from "../../site/kernels/each";
export { rowsAddedUp, rowsByRows } from "../../site/kernels/products";
export { crossEntropyRow, normBackwardRows, normRows, softmaxRows } from "../../site/kernels/rows";
