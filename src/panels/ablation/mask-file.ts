/** A mask as a file. */
import * as v from 'valibot';
import { AppError } from '../../lib/errors';
import type { UnitMask } from '../../model/source';
import type { CurrentModel } from '../../session/session';

const maskFile = v.object({
  v: v.literal(1),
  kind: v.literal('latentarium-mask'),
  modelHash: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'expected 64 lower-case hex digits')),
  units: v.record(
    v.pipe(v.string(), v.maxLength(200)),
    v.record(
      v.pipe(v.string(), v.regex(/^\d{1,6}$/, 'expected a filter index')),
      v.pipe(v.number(), v.minValue(0), v.maxValue(2)),
    ),
  ),
});

/** `{v: 1, kind, modelHash, model, units}`; `units` as generate() takes it. */
export function maskToJson({ id, modelHash }: CurrentModel, units: UnitMask): string {
  return `${JSON.stringify({ v: 1, kind: 'latentarium-mask', model: id, modelHash, units }, null, 1)}\n`;
}

/** Throws AppError `mask-file`, naming the first field that is wrong. */
export function maskFromJson(text: string): { modelHash: string; units: UnitMask } {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw fault('it is not JSON');
  }
  const result = v.safeParse(maskFile, data);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw fault(`${v.getDotPath(issue) ?? 'the whole'}: ${issue.message}`);
}

function fault(what: string): AppError {
  return new AppError({
    code: 'mask-file',
    message: `The file is no mask of this page: ${what}.`,
    hint: 'The mask on the screen stays. Choose a JSON file that was saved from the Filters panel.',
  });
}
