module example.org/beacon

go 1.22

require example.org/light v0.0.0

replace example.org/light => ./light
