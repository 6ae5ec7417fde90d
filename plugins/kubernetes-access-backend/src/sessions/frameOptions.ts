/** Frames with a channel byte are binary, and compressing them would cost more than it saves. */
export const BINARY = { binary: true, compress: false } as const;
