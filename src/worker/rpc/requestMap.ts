/** What one process may ask of another: method name → what is sent and what comes back. */
export type RequestMap<R> = {
  readonly [M in keyof R]: { readonly params: object; readonly result: unknown };
};

export type MethodOf<R> = keyof R & string;

/** How the asking side watches and stops one request. */
export interface RequestOptions<P> {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: P) => void) | undefined;
}

/** How the answering side sees the same. */
export interface RequestControl<P> {
  readonly signal: AbortSignal;
  readonly report: (progress: P) => void;
}

/** The answering side: one function a method, typed by the same interface as the asking side. */
export type Handlers<R extends RequestMap<R>, P> = {
  readonly [M in keyof R]: (
    params: R[M]['params'],
    control: RequestControl<P>,
  ) => Promise<R[M]['result']>;
};
