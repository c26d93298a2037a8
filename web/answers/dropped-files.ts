/** What was dropped: files, and folders by their names, which a browser gives as unreadable files. */
export function droppedFiles(data: DataTransfer): {
  readonly dropped: readonly File[];
  readonly folders: readonly string[];
} {
  const entries = [...data.items].filter(({ kind }) => kind === 'file');
  const isFolder = (entry: DataTransferItem) => entry.webkitGetAsEntry?.()?.isDirectory === true;
  const folders = entries.filter(isFolder).map((entry) => entry.getAsFile()?.name ?? '');
  const dropped = entries.filter((entry) => !isFolder(entry)).flatMap((entry) => entry.getAsFile() ?? []);
  return { dropped, folders };
}
