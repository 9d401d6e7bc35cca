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

/** The same of one object as part of another: an instruction in its file. */
export function factOfPart<Whole extends object, Part extends object, Fact>(find: (whole: Whole, part: Part) => Fact): (whole: Whole, part: Part) => Fact {
  const ofWhole = factOf((whole: Whole) => factOf((part: Part) => find(whole, part)));
  return (whole, part) => ofWhole(whole)(part);
}
