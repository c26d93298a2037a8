import { pino } from 'pino';
import { openDatabase } from '../../database/database.ts';
import { startOffering } from '../../worker/offering.ts';

// Offers items, in a process that a test can kill: node offering-process.ts DATABASE
const [url = ''] = process.argv.slice(2);
const db = openDatabase({ url, poolSize: 2, applicationName: 'offering-process' });
startOffering(db, { url, applicationName: 'offering-process' }, pino({ enabled: false }));
