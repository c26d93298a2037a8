/** The user that a process runs as. Only root can choose a user other than itself. */
export interface ProcessOwner {
  readonly uid: number;
  readonly gid: number;
}
