import type { Words } from '../en.ts';

export const work: Words['work'] = {
  actions: 'Aktionen für diese E-Mail',
  conversation: 'Unterhaltung',
  about: 'Über diese E-Mail',
  justNow: 'gerade eben',
};
