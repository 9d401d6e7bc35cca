import { List, ListItemButton, ListItemText } from '@mui/material';
import { addMinutes, format, startOfDay } from 'date-fns';
import { Link } from 'react-router-dom';
import { useChosen } from '../chosen';
import { highWaters, type Harbour } from '../tides';

/** An hour of the day as a clock shows it. */
export const clock = (hour: number): string => format(addMinutes(startOfDay(new Date()), Math.round(hour * 60)), 'HH:mm');

export function HarbourList({ harbours }: { harbours: readonly Harbour[] }) {
  const { id, choose } = useChosen();
  return (
    <List>
      {harbours.map((harbour) => (
        <ListItemButton key={harbour.id} component={Link} to={`/${harbour.id}`} selected={harbour.id === id} onClick={() => choose(harbour.id)}>
          <ListItemText primary={harbour.name} secondary={highWaters(harbour).map(clock).join(' and ')} />
        </ListItemButton>
      ))}
    </List>
  );
}
