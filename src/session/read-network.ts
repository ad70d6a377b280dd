import { readNetwork } from '../formats/network';
import { AppError } from '../lib/errors';
import type { ReadNetworkAnswer, ReadNetworkRequest } from './input';
import { sha256Hex } from './sha256';

/** What the input worker does with a file: checksum first, so that a broken download is called just that. */
export async function readCheckedNetwork(request: ReadNetworkRequest): Promise<ReadNetworkAnswer> {
  const { bytes, fileName, sha256: expected } = request;
  const sha256 = await sha256Hex(new Uint8Array(bytes));
  if (expected !== undefined && expected !== sha256) {
    throw new AppError({
      code: 'model-integrity',
      message: `${fileName} is not the file that it should be: its sha256 begins with ${sha256.slice(0, 16)}, expected ${expected.slice(0, 16)}.`,
      hint: 'The file was changed or damaged on its way, so it was not used. Try again; if it stays so, the site is incomplete.',
    });
  }
  return { network: readNetwork(new Uint8Array(bytes), fileName), sha256 };
}
