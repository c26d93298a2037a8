/** What is entered as the codec endpoint of Temporal's pages; they add what is to be done, such as `/decode`. */
export const CODEC_PATH = '/temporal/codec';
