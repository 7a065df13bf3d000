#include "front.h"
#include "lazulite/cli/cli.h"

int main(int argc, char** argv) {
    return lazulite::cli::run(argc, argv, lazulite::makeFront());
}
