/**
 * How the text of a message came out of its HTML. `whole`: all of it, in lines. `cut`: its beginning, because there is more
 * than is kept. `bare`: the words of its beginning, because the HTML could not be converted within its limits.
 */
export const textForms = ['whole', 'cut', 'bare'] as const;
export type TextForm = (typeof textForms)[number];
