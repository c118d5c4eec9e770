/* write_page.c - write_page FILE.html <DATA.json: the page of any data, for the tests of pages. */
#include <descent/report.h>

#include <stdio.h>

int main(int argc, char **argv)
{
    static char json[1 << 20];
    descent_error err;

    if (argc != 2)
        return 2;
    json[fread(json, 1, sizeof json - 1, stdin)] = '\0';
    if (descent_report_write(argv[1], json, &err)) {
        fprintf(stderr, "%s\n", err.message);
        return 2;
    }
    return 0;
}
