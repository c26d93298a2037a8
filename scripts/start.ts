import { endRecordedProcesses } from './embedded/process-record.ts';
import { createProgress, seconds } from './embedded/progress.ts';
import { readArguments } from './embedded/script-arguments.ts';
import { createStackFolder, stackFolder } from './embedded/stack-folder.ts';
import { takeStackLock } from './embedded/stack-lock.ts';
import { readStackPorts } from './embedded/stack-ports.ts';
import { describeStack } from './embedded/stack-summary.ts';
import { createStack } from './embedded/start-stack.ts';
import { untilStopRequest } from './embedded/stop-request.ts';

const USAGE = `Usage: npm start -- [options]

Starts all of Mailroom on this machine. Ctrl-C stops it; the data stay.

  --data FOLDER   where everything is kept; .mailroom in this clone when not given
  --verbose       shows what the processes write, too; otherwise it is in FOLDER/logs

Its ports: API_PORT, SIMULATOR_PORT, TEMPORAL_PORT, TEMPORAL_UI_PORT, POSTGRES_PORT. Every variable of README.md counts.
`;

// Data and logs are readable only by our user.
process.umask(0o077);
const { values: options } = readArguments(USAGE, {
  options: { verbose: { type: 'boolean', default: false }, data: { type: 'string' } },
});
const startedAt = performance.now();
const progress = createProgress();
const stopRequest = untilStopRequest();

try {
  const ports = readStackPorts(process.env);
  const folder = stackFolder(options.data);
  createStackFolder(folder);
  const giveUpLock = takeStackLock(folder.lock, `http://localhost:${ports.api}`);
  try {
    const leftovers = await endRecordedProcesses(folder.processes);
    if (leftovers.length > 0) progress.warn(`Ended what the last start left behind: ${leftovers.join(', ')}`);

    const { verbose } = options;
    const stack = createStack({ folder, ports, given: process.env, progress, verbose, onGivenUp: stopRequest.fail });
    try {
      const environment = await Promise.race([stack.start(), stopRequest.untilAsked]);
      if (environment !== undefined) {
        progress.done(`Ready after ${seconds(performance.now() - startedAt)}`);
        console.log(describeStack(environment, folder));
        await stopRequest.untilAsked;
      }
    } finally {
      if (stack.hasProcesses()) {
        progress.tell('stopping');
        await progress.step(stack.stop, () => 'Stopped');
      } else {
        await stack.stop();
      }
    }
  } finally {
    giveUpLock();
  }
} catch (error) {
  progress.fail(error);
  process.exitCode = 1;
}
// A library may keep the process alive; all of our services have ended.
process.exit();
