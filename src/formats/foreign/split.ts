import type { ForeignArray, ForeignNetwork } from '../../model/foreign';

/** What people call the networks of a GAN, as the first part of a tensor's name. */
const ROLE =
  /^(net_?|model_?)?(g|d|e|gen|dis|disc|discr|generator|discriminator|critic|encoder|decoder)(_?(ema|net|model|running|a|b|ab|ba|xy|yx|1|2))?$/i;

/**
 * One file may hold a whole GAN in one flat dict: 'netG.main.0.weight', 'netD.main.0.weight'. Splits it
 * by the first part of the names; wrappers that say nothing ('module.', '_orig_mod.') are taken off.
 */
export function splitNetworks(network: ForeignNetwork): ForeignNetwork[] {
  if (network.spec) return [network];
  const plain = { ...network, arrays: network.arrays.map(unwrapped) };
  const roles = new Set(plain.arrays.map(({ name }) => firstPart(name)));
  const named = [...roles].filter((role) => ROLE.test(role));
  if (roles.size < 2 || named.length === 0) return [plain];
  const split = [...roles].map((role) => ({
    ...plain,
    label: plain.label ? `${plain.label}: ${role}` : role,
    arrays: plain.arrays
      .filter(({ name }) => firstPart(name) === role)
      .map((array) => ({ ...array, name: array.name.slice(role.length + 1) || array.name })),
  }));
  // 'd.weight' next to 'conv1.weight' is a layer's name, not a network's.
  const real = split.filter(({ arrays }) => arrays.filter((a) => a.shape.length >= 2).length >= 2);
  return real.length >= 2 ? real : [plain];
}

function unwrapped(array: ForeignArray): ForeignArray {
  return { ...array, name: array.name.replace(/^((module|_orig_mod)\.)+/, '') };
}

function firstPart(name: string): string {
  return name.split('.', 1)[0] ?? name;
}
