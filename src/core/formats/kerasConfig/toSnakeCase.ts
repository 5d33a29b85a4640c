/**
 * A class as Keras names what it stores for it.
 * Source: to_snake_case of Keras 3.15, naming.py.
 */
export function toSnakeCase(className: string): string {
  return className
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}
