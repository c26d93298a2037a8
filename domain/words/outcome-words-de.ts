/** What is known of what a refused request changed, by the fact that the API names, in German. */
export const outcomeWordsDe: Readonly<Record<string, string>> = {
  nothing: 'Geändert wurde nichts.',
  unclear: 'Ob es ausgeführt wurde, ist nicht bekannt: Sehen Sie nach, ehe Sie es wiederholen.',
};
