/** The desk on which a day is worked. Long names are on purpose: they are what breaks pages. */
export const desks = [
  { address: 'support@contoso.example', queue: 'Support' },
  { address: 'rechnungen@contoso.example', queue: 'Rechnungen, Mahnungen und Zahlungserinnerungen (Deutschland)' },
  { address: 'sales@contoso.example', queue: 'Sales' },
] as const;

/** Where items are moved to. */
export const secondLine = 'Second line';

export const otherQueues = [secondLine, 'Complaints and escalations of business customers', 'Returns', 'Press'];

/** The agent who works the day. */
export const AGENT = 'ann@contoso.example';

/** Real mail of people, programs and mailing lists in many character sets, of the project's collection. */
export const dayMails = [
  'flanker--iphone',
  'mikel-mail--raw_email10',
  'cpython--msg_12a',
  'rspamd--ham',
  'flanker--outlook-express',
  'mikel-mail--japanese_shift_jis',
  'rspamd--transactional',
  'flanker--attached-pdf',
  'tika--testRFC822_i18nheaders',
  'mikel-mail--attachment_pdf_non_ascii',
  'rspamd--newsletter',
  'flanker--russian-attachment-yahoo',
  'rspamd--ics',
  'mikel-mail--attachment_message_rfc822_inline_image',
  'flanker--bilingual-simple',
  'enmime--qp-utf8-header-recursed',
  'stalwart-mail-parser--thirdparty-001',
  'tika--testEML_embedded_xhtml_and_img',
  'mikel-mail--raw_email_with_nested_attachment',
  'rspamd--alt-html-calendar',
  'flanker--mailgun-pic',
  'rspamd--alternative-related',
  'mikel-mail--ks_c_5601-1987',
  'stalwart-mail-parser--rfc-004',
  'flanker--long-links',
  'mikel-mail--trademark_character_in_subject',
  'tika--testGroupWiseEml',
  'enmime--mime-signed',
  'mikel-mail--basic_email',
  'flanker--from-encoding',
] as const;

export const cannedAnswers = [
  {
    name: 'Under way',
    html: '<p>Dear {{customer.name}},</p><p>your order is under way and arrives within two days.</p>',
  },
  { name: 'Rückfrage Rechnungsnummer', html: '<p>Guten Tag,</p><p>wie lautet bitte Ihre Rechnungsnummer?</p>' },
  { name: 'Refund confirmed', html: '<p>Hello,</p><p>we have refunded the amount to your account.</p>' },
] as const;
