import { Typography } from '@mui/material';
import { useMemo } from 'react';
import { useParams } from 'react-router-dom';
import { Area, AreaChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { curveOf, type Harbour } from '../tides';
import { clock } from './HarbourList';

export function HarbourPage({ harbours }: { harbours: readonly Harbour[] }) {
  const { id } = useParams();
  const harbour = harbours.find((each) => each.id === id);
  const curve = useMemo(() => (harbour === undefined ? [] : curveOf(harbour)), [harbour]);
  if (harbour === undefined) return <Typography>There is no such harbour.</Typography>;
  return (
    <>
      <Typography variant="h5">{harbour.name}</Typography>
      <ResponsiveContainer width="100%" height={320}>
        <AreaChart data={curve}>
          <CartesianGrid strokeDasharray="3 3" />
          <XAxis dataKey="hour" tickFormatter={clock} />
          <YAxis unit=" m" />
          <Tooltip labelFormatter={(hour) => clock(Number(hour))} />
          <Area dataKey="height" stroke="#2288cc" fill="#bbddff" />
        </AreaChart>
      </ResponsiveContainer>
    </>
  );
}
