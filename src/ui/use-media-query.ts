import { useEffect, useState } from 'react';

/** Where the rail becomes a bottom bar and the shelf a sheet. */
export const PHONE = '(max-width: 700px)';

/** True as long as the query matches. */
export function useMediaQuery(query: string): boolean {
  const [matches, setMatches] = useState(() => window.matchMedia(query).matches);
  useEffect(() => {
    const list = window.matchMedia(query);
    const update = () => setMatches(list.matches);
    update();
    list.addEventListener('change', update);
    return () => list.removeEventListener('change', update);
  }, [query]);
  return matches;
}
