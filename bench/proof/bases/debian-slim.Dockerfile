# Stands in for debian:…-slim, which leaves out documentation, now and in later installs.
ARG PARENT
FROM ${PARENT}
COPY files/apt.conf /etc/apt/apt.conf.d/docker-clean
COPY files/dpkg-fast.cfg /etc/dpkg/dpkg.cfg.d/docker-apt-speedup
COPY files/dpkg.cfg /etc/dpkg/dpkg.cfg.d/docker
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
CMD ["bash"]
