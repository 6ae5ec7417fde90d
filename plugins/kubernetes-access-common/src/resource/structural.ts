/**
 * The type of the values that a structural schema admits, for the parts of the language that our schemas use. (`json-schema-to-ts` would
 * give every object an index signature: a structural schema cannot say `additionalProperties: false`, it prunes instead.)
 */
export type StructuralType<Schema> = Schema extends {
  enum: readonly (infer Value)[];
}
  ? Value
  : Schema extends { type: 'string' }
  ? string
  : Schema extends { type: 'integer' | 'number' }
  ? number
  : Schema extends { type: 'boolean' }
  ? boolean
  : Schema extends { type: 'array'; items: infer Items }
  ? StructuralType<Items>[]
  : Schema extends { type: 'object'; properties: infer Properties }
  ? StructuralObject<Properties, RequiredKey<Schema>>
  : never;

type RequiredKey<Schema> = Schema extends {
  required: readonly (infer Key)[];
}
  ? Key
  : never;

type StructuralObject<Properties, Required> = Flat<
  {
    -readonly [Key in keyof Properties as Key extends Required
      ? Key
      : never]: StructuralType<Properties[Key]>;
  } & {
    -readonly [Key in keyof Properties as Key extends Required
      ? never
      : Key]?: StructuralType<Properties[Key]>;
  }
>;

type Flat<Type> = { [Key in keyof Type]: Type[Key] };

/** `true` for types that are the same, optional members included, and `false` for all others. */
export type Same<A, B> = (<Type>() => Type extends A ? 1 : 2) extends <
  Type,
>() => Type extends B ? 1 : 2
  ? true
  : false;
