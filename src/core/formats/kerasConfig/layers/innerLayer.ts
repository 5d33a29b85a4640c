import { ConfigFields } from '../configFields';

/** A layer that stands in another one's configuration. */
export interface InnerLayer {
  readonly className: string;
  readonly config: ConfigFields;
  /** As it stands in the file: class, configuration and whatever else. */
  readonly json: unknown;
}

/**
 * The layer in a field of a configuration.
 * @throws FormatError where there is none.
 */
export function innerLayer(
  outer: ConfigFields,
  field: string,
  json: unknown = outer.raw(field),
): InnerLayer {
  const inner = ConfigFields.of(json, `${outer.place}: ${field}`);
  return { className: inner.string('class_name'), config: inner.object('config'), json };
}
