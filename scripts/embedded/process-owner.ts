/** The user that a process runs as. Only root can choose another one than itself. */
export interface ProcessOwner {
  readonly uid: number;
  readonly gid: number;
}
