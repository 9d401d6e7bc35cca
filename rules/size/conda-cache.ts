import { hasFlag } from '../../src/dockerfile/command.ts';
import { appendCommand } from '../../src/model/append.ts';
import { isRemovedByName } from '../../src/model/cache-readers.ts';
import { cleanWords, leftCondaPackages, type LeftPackages } from '../../src/model/conda.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { isBelow } from '../../src/model/effects.ts';
import { headOf, headText } from '../../src/model/invocation.ts';
import { readInvocation } from '../../src/model/packages.ts';
import { pathsIntoImage } from '../../src/model/shipped.ts';
import { defineRule, safe, type Fix } from '../../src/rule.ts';

/** An install is told to take what the cache has, or something names the folder. */
const isNeeded = (file: Dockerfile, folder: string): boolean => file.source.includes(`${folder}/`) || file.commands.some((command) =>
  readInvocation(command)?.manager.name === 'conda' && hasFlag(command.words, '--offline', '--use-index-cache', '--clone'));

function fixOf(file: Dockerfile, { script, left, folder }: LeftPackages): Fix | undefined {
  const { instruction } = script;
  const last = left.at(-1) ?? left[0];
  const { program, wrappers } = last.command;
  const plain = wrappers.every(({ text }) => text === 'sudo' || text === 'env');
  if (!plain || program.value === undefined || isNeeded(file, folder)) return undefined;
  if (isRemovedByName(file, instruction, [folder])) return undefined;
  const sudo = wrappers[0]?.text === 'sudo' ? 'sudo ' : '';
  const text = `${sudo}${program.text} ${cleanWords(file, last)}`;
  const edit = appendCommand(file, script, text);
  return edit && safe(`Append \`${text}\``, edit);
}

export default defineRule({
  summary: 'Cache of conda left in the layer',
  why: `conda, mamba and micromamba keep every archive they download, the index of each channel, and the unpacked packages, to make
the next environment faster. In an image there is no next one: what is left is often several hundred megabytes, and a later
RUN that cleans up takes none of it out of the layer below.

The fix ends the RUN with \`clean -afy\`, which leaves the environments as they are: their files are links to, or copies of, those
in the cache. Where conda may be too old to know \`-f\`, it goes without. A cache mount on the folder is fine as it is. Stages that don't ship are left alone.`,
  severity: 'info',
  examples: [
    {
      bad: 'FROM continuumio/miniconda3:24.9.2-0\nRUN conda install -y -c conda-forge python=3.12 faiss-cpu\nCMD ["python", "app.py"]\n',
      good: 'FROM continuumio/miniconda3:24.9.2-0\nRUN conda install -y -c conda-forge python=3.12 faiss-cpu && conda clean -afy\nCMD ["python", "app.py"]\n',
    },
    {
      bad: 'FROM condaforge/miniforge3:24.9.2-0\nCOPY environment.yml /tmp/\nRUN mamba install -y -n base -f /tmp/environment.yml \\\n && mamba install -y -n base uvicorn\n',
      good: 'FROM condaforge/miniforge3:24.9.2-0\nCOPY environment.yml /tmp/\nRUN mamba install -y -n base -f /tmp/environment.yml \\\n && mamba install -y -n base uvicorn \\\n && mamba clean -afy\n',
    },
    {
      bad: 'FROM condaforge/mambaforge:24.9.2-0 AS build\nRUN mamba env create -f environment.yml\nFROM debian:12-slim\nCOPY --from=build /opt/conda /opt/conda\n',
      good: 'FROM condaforge/mambaforge:24.9.2-0 AS build\nRUN mamba env create -f environment.yml && mamba clean -afy\nFROM debian:12-slim\nCOPY --from=build /opt/conda /opt/conda\n',
    },
  ],
  * check({ file }) {
    if (!/conda|mamba/.test(file.source)) return;
    const paths = pathsIntoImage(file);
    for (const stage of file.neededStages) {
      for (const instruction of stage.instructions) {
        if (instruction.keyword !== 'RUN') continue;
        for (const found of leftCondaPackages(file, instruction)) {
          const isCopied = paths.get(stage)?.some((path) => isBelow(found.folder, path)) === true;
          if (!file.shippedStages.has(stage) && !isCopied) continue;
          const [first, ...others] = found.left;
          const fix = fixOf(file, found);
          yield {
            at: headOf(first),
            message: `\`${headText(first)}\` leaves what it downloaded in conda's cache in this layer; end the RUN with \`${first.command.name} ${cleanWords(file, first)}\`.`,
            related: others.map((each) => ({ at: headOf(each), message: 'So does this one.' })),
            ...(fix && { fix }),
          };
        }
      }
    }
  },
});
