/** What can go wrong with a run, in words. */
import { AppError, toErrorReport, type ErrorReport } from '../../lib/errors';

export function noRunError(): AppError {
  return new AppError({
    code: 'no-run',
    message: 'There is no training run.',
    hint: 'Start one, or go on with one that this browser kept.',
  });
}

export function runElsewhere(title: string): AppError {
  return new AppError({
    code: 'run-elsewhere',
    message: `Another tab of this browser has '${title}' open. Two tabs may not train one run: each would undo the other’s steps.`,
    hint: 'Go on in that tab, or close it and try again here.',
  });
}

export function runNotKept(id: string): AppError {
  return new AppError({
    code: 'run-not-kept',
    message: `This browser has no whole checkpoint of the run ${id}.`,
    hint: 'It was discarded, or the browser cleared its storage. If you exported it, import its zip.',
  });
}

export function runPicturesChanged(title: string): AppError {
  return new AppError({
    code: 'run-pictures-changed',
    message: `The pictures of '${title}' are not those that the run was trained on, so it cannot go on as it would have.`,
    hint: 'Open its G from the time machine, or start a new run on the pictures as they are now. The run stays kept.',
  });
}

export function runPicturesMissing(title: string): AppError {
  return new AppError({
    code: 'run-pictures-missing',
    message: `The pictures of '${title}' are not kept in this browser any more.`,
    hint: 'A run goes on only with its own pictures. If you exported it, import its zip: they are in it.',
  });
}

export function picturesUnfit(message: string, hint: string): AppError {
  return new AppError({ code: 'training-images', message, hint });
}

/** Why a checkpoint could not be kept, and what that means; training itself goes on. */
export function saveTroubleOf(error: unknown, savedStep: number | null): ErrorReport {
  const since =
    savedStep === null
      ? 'Until then a reload would lose this run.'
      : `Until then a reload would go back to step ${savedStep}.`;
  if (error instanceof AppError) return toErrorReport(error);
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'QuotaExceededError') {
    return {
      code: 'run-quota',
      message: 'The browser’s storage for this page is full, so the newest checkpoint is not kept.',
      hint: `Training goes on. Discard a kept run or a kept set of pictures, or export this run as a zip. ${since}`,
    };
  }
  return {
    code: 'run-not-saved',
    message: `The newest checkpoint is not kept: ${error instanceof Error ? error.message : String(error)}`,
    hint: `Training goes on. This may be a private window or a browser that stores nothing: export the run as a zip to be safe. ${since}`,
  };
}

export function runsOverBudget(needed: string, budget: string): AppError {
  return new AppError({
    code: 'run-budget',
    message: `Kept runs would take ${needed}; at most ${budget} (half of what this browser grants) are used for them.`,
    hint: 'Training goes on, but its newest checkpoint is not kept. Discard a run that you no longer need, or export this one as a zip.',
  });
}
