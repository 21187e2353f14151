# What CPack makes the package of; scripts/package.sh gives STAGE, VERSION, SCRIPTS and OUT in the environment.
set(CPACK_GENERATOR DEB)
set(CPACK_INSTALLED_DIRECTORIES "$ENV{STAGE};.")
set(CPACK_PACKAGE_NAME virtuoso)
set(CPACK_PACKAGE_VERSION "$ENV{VERSION}")
set(CPACK_PACKAGE_DIRECTORY "$ENV{OUT}")
set(CPACK_PACKAGING_INSTALL_PREFIX /)
set(CPACK_SET_DESTDIR OFF)
set(CPACK_PACKAGE_FILE_NAME "virtuoso-$ENV{VERSION}")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_MAINTAINER "The Virtuoso authors <virtuoso@localhost>")
set(CPACK_PACKAGE_VENDOR "The Virtuoso authors")
set(CPACK_PACKAGE_DESCRIPTION "real-time market intelligence for crypto perpetuals
A service that follows every perpetual of an exchange and says of each what
orderflow, orderbook, volume, price structure, technicals and sentiment say
together: a dashboard, an API, alerts, and what it said before.")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "${CPACK_PACKAGE_DESCRIPTION}")
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# Zones of quiet hours; certificates of exchanges.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "ca-certificates, tzdata")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA "$ENV{SCRIPTS}/postinst;$ENV{SCRIPTS}/prerm;$ENV{SCRIPTS}/postrm;$ENV{SCRIPTS}/conffiles")
