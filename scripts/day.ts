import { dayTable } from './day/day-table.ts';
import { documentPages } from './day/document-pages.ts';
import { documentTemporal } from './day/document-temporal.ts';
import { dayMails, desks } from './day/plan.ts';
import { prepareDay } from './day/prepare-day.ts';
import { takePictures } from './day/take-pictures.ts';
import { workDay } from './day/work-day.ts';
import { withStack } from './demo/running-stack.ts';
import { createProgress } from './embedded/progress.ts';
import { endOverUsage, readArguments } from './embedded/script-arguments.ts';
import { createMailroomClient } from './mailroom-client.ts';

const USAGE = `Usage: npm run day -- work | pictures [FOLDER] [--matching PATTERN] [--docs] [--temporal]

  work              an agent's 30 mails from the sign-in to the last answer, by keyboard alone, with times
  pictures FOLDER   every page in English and German, light and dark, 1440, 768 and 360 pixels wide (FOLDER: pictures
                    when not given); --matching: those whose names match it, such as queue-de-360 or item.*dark
  pictures --docs   those of README.md and docs/, into docs/images
  pictures --temporal  those of Temporal's pages in docs/operations.md, into docs/images: a second worker is started, and
                    killed

Both use the stack that runs here, or start one, and fill it with queues and mail.
`;

const {
  positionals: [what, folder = 'pictures'],
  values,
} = readArguments(USAGE, {
  allowPositionals: true,
  options: {
    docs: { type: 'boolean' },
    temporal: { type: 'boolean' },
    matching: { type: 'string', default: '' },
  },
});
if (what !== 'work' && what !== 'pictures') {
  endOverUsage(what === undefined ? 'Which of the two?' : `There is no ${what}.`, USAGE);
}

const progress = createProgress();
await withStack(progress, async ({ environment, key }) => {
  const mailroom = createMailroomClient(environment.PUBLIC_URL, key);
  const day = await progress.step(
    () => prepareDay(mailroom, environment.SIMULATOR_URL, { spread: what === 'pictures' }),
    () => `${dayMails.length} real mails are in their queues`,
  );
  if (what === 'work') {
    const worked = await workDay(environment.PUBLIC_URL, desks[0].queue, dayMails.length);
    console.log(dayTable(worked));
  } else if (values.temporal) {
    const places = { url: environment.PUBLIC_URL, temporalUiUrl: environment.TEMPORAL_UI_URL, environment };
    const { length } = await documentTemporal(mailroom, places, day);
    console.log(`${length} pictures are in docs/images`);
  } else if (values.docs) {
    const places = { url: environment.PUBLIC_URL, simulatorUrl: environment.SIMULATOR_URL };
    const { length } = await documentPages(mailroom, places, day);
    console.log(`${length} pictures are in docs/images`);
  } else {
    const matching = new RegExp(values.matching);
    const { length } = await takePictures(mailroom, environment.PUBLIC_URL, day, { folder, matching });
    console.log(`${length} pictures are in ${folder}`);
  }
});
