/**
 * How completely a message's text was extracted from its HTML. `whole`: all of it, in lines. `cut`: its beginning,
 * because the text is too long. `bare`: the words of its beginning, because converting the HTML exceeded the limits.
 */
export const textForms = ['whole', 'cut', 'bare'] as const;
export type TextForm = (typeof textForms)[number];
