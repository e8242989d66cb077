using FocalSharp.Models.Catalog.Fetching;

namespace FocalSharp.Models.Tests.Catalog;

public sealed class NpmCommandTests
{
    private static readonly string[] Pack = ["pack", "@scope/name@1.0.0", "--pack-destination", "."];

    [Fact]
    public void On_windows_the_script_is_run_by_node_itself()
    {
        NpmCommand command = Windows(
            "npm",
            @"relative;C:\Windows;""C:\Program Files\nodejs"";D:\other",
            @"C:\Program Files\nodejs\npm",
            @"C:\Program Files\nodejs\npm.cmd",
            @"C:\Program Files\nodejs\node.exe",
            @"C:\Program Files\nodejs\node_modules\npm\bin\npm-cli.js",
            @"relative\npm.cmd",
            @"D:\other\npm.cmd")!;

        Assert.Equal(@"C:\Program Files\nodejs\node.exe", command.FileName);
        Assert.Equal([@"C:\Program Files\nodejs\node_modules\npm\bin\npm-cli.js", .. Pack], command.Arguments);
        Assert.Null(command.CommandLine);
    }

    [Fact]
    public void A_batch_file_alone_is_run_by_the_command_processor_with_every_part_in_quotes()
    {
        NpmCommand command = Windows("npm", @"C:\R & D\node js", @"C:\R & D\node js\npm.cmd")!;

        Assert.Equal("cmd.exe", command.FileName);
        Assert.Empty(command.Arguments);
        Assert.Equal(@"/d /s /c """"C:\R & D\node js\npm.cmd"" ""pack"" ""@scope/name@1.0.0"" ""--pack-destination"" "".""""", command.CommandLine);
    }

    [Theory]
    [InlineData("C:/Program Files/nodejs/npm.cmd")]
    [InlineData("C:/Program Files/nodejs/npm")]
    [InlineData(@"C:\Program Files\nodejs\npm")]
    public void A_windows_path_may_have_forward_slashes_and_no_extension(string executable) =>
        Assert.Contains(@"""C:\Program Files\nodejs\npm.cmd""", Windows(executable, "", @"C:\Program Files\nodejs\npm.cmd", @"C:\Program Files\nodejs\npm")!.CommandLine, StringComparison.Ordinal);

    [Fact]
    public void A_program_is_started_as_it_is()
    {
        NpmCommand command = Windows(@"C:\tools\npm.exe", "", @"C:\tools\npm.exe")!;
        Assert.Equal(@"C:\tools\npm.exe", command.FileName);
        Assert.Equal(Pack, command.Arguments);

        command = NpmCommand.Create("npm", Pack, new NpmSystem(false, "bin::/usr/bin", new HashSet<string>(["bin/npm", "/usr/bin/npm"]).Contains))!;
        Assert.Equal("/usr/bin/npm", command.FileName);
        Assert.Equal(Pack, command.Arguments);
    }

    [Fact]
    public void A_missing_program_gives_no_command()
    {
        Assert.Null(Windows("npm", @"C:\Windows"));
        Assert.Null(Windows("C:/nodejs/npm", "", @"C:\nodejs\npm"));
        Assert.Null(NpmCommand.Create("/opt/npm", Pack, new NpmSystem(false, "/usr/bin", new HashSet<string>(["/usr/bin/npm"]).Contains)));
    }

    private static NpmCommand? Windows(string executable, string path, params string[] files) =>
        NpmCommand.Create(executable, Pack, new NpmSystem(true, path, new HashSet<string>(files, StringComparer.OrdinalIgnoreCase).Contains));
}
