import { type ParseArgsConfig, parseArgs } from 'node:util';
import { terminalText } from '../../domain/words/terminal-text.ts';

/** The exit code of a script that does not understand its arguments. */
const USAGE_EXIT_CODE = 2;

/**
 * Reads what was typed behind a script. `--help` (`-h`) prints `usage` and ends the script; an option that it does not
 * have, or one without a value, ends it as `endOverUsage` does.
 */
export function readArguments<const Config extends ParseArgsConfig>(
  usage: string,
  config: Config,
): ReturnType<typeof parseArgs<Config>> {
  const given = process.argv.slice(2);
  const options = given.includes('--') ? given.slice(0, given.indexOf('--')) : given;
  if (options.includes('--help') || options.includes('-h')) {
    console.log(usage.trimEnd());
    process.exit();
  }
  try {
    const parsed = parseArgs(config);
    const empty = Object.entries(parsed.values).find(([name, value]) => {
      return [value].flat().includes('') && config.options?.[name]?.default !== '';
    });
    if (empty) endOverUsage(`--${empty[0]} has no value.`, usage);
    return parsed;
  } catch (error) {
    if (isParseProblem(error)) endOverUsage(error.message, usage);
    throw error;
  }
}

/** Ends the script with 2, and says why and how it is used. */
export function endOverUsage(why: string, usage: string): never {
  console.error(terminalText(`✘ ${why}\n\n${usage.trimEnd()}`));
  process.exit(USAGE_EXIT_CODE);
}

function isParseProblem(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}
