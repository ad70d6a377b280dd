/** What every failure that a person may see is made of. */
export interface ErrorReport {
  /** Stable, kebab-case: 'safetensors-truncated'. Tests and docs refer to it. */
  code: string;
  /** What happened, with the file, layer or number concerned. */
  message: string;
  /** What it means for the visitor's work and what to do next. */
  hint: string;
}

/** The only error class that we throw on purpose. Crosses workers as an ErrorReport. */
export class AppError extends Error {
  readonly code: string;
  readonly hint: string;

  constructor(report: ErrorReport, options?: ErrorOptions) {
    super(report.message, options);
    this.name = 'AppError';
    this.code = report.code;
    this.hint = report.hint;
  }
}

/** Reads anything that was thrown as a report; foreign errors keep their message under code 'unexpected'. */
export function toErrorReport(error: unknown): ErrorReport {
  if (error instanceof AppError) {
    return { code: error.code, message: error.message, hint: error.hint };
  }
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: 'unexpected',
    message,
    hint: 'This is a fault of the page, not of your work. Reload it; what you kept is still on the shelf.',
  };
}

/** True for the DOMException that an aborted operation rejects with. */
export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}
