import type { Values } from '../model/decodeValues';

/**
 * GraSP: half of what the squared norm of the gradient rises by, to first order, without a weight: -w (H g), with g the
 * gradient and H the Hessian of the mean loss over the data. Signed: below zero the gradient flow falls without the
 * weight. The lowest go first, as of all criteria; in the paper the
 * highest do (option `order`), because what is left then learns fastest. Needs data with labels and operators
 * with second derivatives; two passes forward and back, the second with tangents.
 * Source: Wang et al., Picking winning tickets before training by preserving gradient flow, 2020.
 * @param weights one a weight
 * @param product H g, as many
 */
export function graspScore(weights: Values, product: Values): Values {
  return product.map((value, i) => -(weights[i] ?? 0) * value);
}
