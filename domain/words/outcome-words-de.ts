/** What is known of what a refused request changed, by the fact that the API names, in German. */
export const outcomeWordsDe: Readonly<Record<string, string>> = {
  nothing: 'Es wurde nichts geändert.',
  unclear: 'Ob es ausgeführt wurde, ist nicht bekannt: Sehen Sie nach, ehe Sie es wiederholen.',
};
