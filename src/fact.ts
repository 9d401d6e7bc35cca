/**
 * Makes what finds out something of one object alone find it once for each. Dockerfiles of one folder share their build
 * context, and so do the versions of one that somebody types into.
 */
export function factOf<Of extends object, Fact>(find: (of: Of) => Fact): (of: Of) => Fact {
  const known = new WeakMap<Of, { readonly fact: Fact }>();
  return (of) => {
    const found = known.get(of) ?? { fact: find(of) };
    known.set(of, found);
    return found.fact;
  };
}
