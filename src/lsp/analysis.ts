import { ConfigError } from '../config/error.ts';
import { lintFile, type Diagnostic, type LintRequest } from '../lint.ts';
import { readDockerfile, type Dockerfile } from '../model/dockerfile.ts';
import { visible } from '../report/text.ts';
import { pathOf, type Documents, type EditorText } from './documents.ts';
import type { Project } from './project.ts';

/** What is known of one version of a document. */
export interface Analysis {
  /** No other has it. */
  readonly id: number;
  readonly document: EditorText;
  readonly version: number;
  readonly file: Dockerfile;
  readonly diagnostics: readonly Diagnostic[];
  /** Undefined where the config cannot be used: `problem` then says why. */
  readonly request: LintRequest | undefined;
  readonly problem: string | undefined;
  /** Our own bugs, one sentence each. */
  readonly bugs: readonly string[];
}

/** Lints open documents, each version once. */
export class Analyst {
  readonly #documents: Documents;
  readonly #project: Project;
  readonly #known = new Map<string, { readonly generation: number; readonly analysis: Analysis }>();
  #count = 0;

  constructor(documents: Documents, project: Project) {
    this.#documents = documents;
    this.#project = project;
  }

  /** The analysis of a document as it is now; undefined for one that is not open. */
  async analyse(uri: string): Promise<Analysis | undefined> {
    const generation = this.#project.refresh();
    const settled = await this.#settle(uri);
    // While the config was read, the document may have changed or been closed.
    const document = this.#documents.get(uri);
    if (document === undefined) return undefined;
    const known = this.#known.get(uri);
    if (known?.generation === generation && known.analysis.version === document.version) return known.analysis;
    this.#count += 1;
    const analysis = analysisOf(document, settled, this.#count);
    this.#known.set(uri, { generation, analysis });
    return analysis;
  }

  forget(uri: string): void {
    this.#known.delete(uri);
  }

  #settle(uri: string): Promise<LintRequest | string> {
    return this.#project.requestFor(pathOf(uri), this.#documents.otherTexts).catch((error: unknown) => {
      if (error instanceof ConfigError) return error.message;
      throw error;
    });
  }
}

function analysisOf(document: EditorText, settled: LintRequest | string, id: number): Analysis {
  const { version } = document;
  const text = document.getText();
  if (typeof settled === 'string') {
    return { id, document, version, file: readDockerfile(text), diagnostics: [], request: undefined, problem: visible(settled), bugs: [] };
  }
  const { path, buildArguments, target } = settled;
  const { file, diagnostics, bugs } = lintFile(readDockerfile(text, { path, buildArguments, target }), settled);
  return { id, document, version, file, diagnostics, request: settled, problem: undefined, bugs };
}
