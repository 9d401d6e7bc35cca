# Stands in for debian: what debootstrap makes, with the settings of apt that the official image has.
ARG PARENT
FROM ${PARENT}
COPY files/apt.conf /etc/apt/apt.conf.d/docker-clean
COPY files/dpkg-fast.cfg /etc/dpkg/dpkg.cfg.d/docker-apt-speedup
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
CMD ["bash"]
