import picocolors from 'picocolors';

export type Paint = (text: string) => string;

/** The colours the reports use, by what they stand for. */
export interface Colors {
  readonly enabled: boolean;
  readonly strong: Paint;
  readonly faint: Paint;
  readonly error: Paint;
  readonly warning: Paint;
  readonly info: Paint;
  readonly good: Paint;
  readonly bad: Paint;
  readonly heading: Paint;
  readonly code: Paint;
}

/** Colours that paint, or (where a terminal or a user wants none) leave the text as it is. */
export function colors(enabled: boolean): Colors {
  const pen = picocolors.createColors(enabled);
  return {
    enabled,
    strong: pen.bold,
    faint: pen.dim,
    error: (text) => pen.bold(pen.red(text)),
    warning: pen.yellow,
    info: pen.blue,
    good: pen.green,
    bad: pen.red,
    heading: (text) => pen.bold(pen.underline(text)),
    code: pen.cyan,
  };
}
