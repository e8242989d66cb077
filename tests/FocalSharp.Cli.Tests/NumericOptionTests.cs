using System.CommandLine;
using FocalSharp.Cli.Terminal;
using FocalSharp.Cli.Tests.Support;

namespace FocalSharp.Cli.Tests;

/// <summary>Gives wrong values, and none, to every option of every command.</summary>
public sealed class NumericOptionTests
{
    private static readonly string[] WrongValues = ["abc", "NaN", "-1", "1e400", "", "0,1", "1 2", "0x10", "+∞"];

    // Numbers with a unit or a word as an alternative, which are parsed as text.
    private static readonly string[] TextOptions = ["--batch", "--time"];

    public static TheoryData<string, string> Options => Find(option => IsNumeric(option.ValueType) || TextOptions.Contains(option.Name));

    /// <summary>Options whose values are words or have a form: a choice, a device, an IoU range, a page.</summary>
    public static TheoryData<string, string> CheckedOptions => Find(option => !IsNumeric(option.ValueType) && option.Validators.Count > 0);

    public static TheoryData<string, string> OptionsWithRequiredValue => Find(option => option.Arity.MinimumNumberOfValues > 0);

    [Theory]
    [MemberData(nameof(Options))]
    public async Task A_wrong_value_is_one_line_that_names_option_and_value(string command, string option)
    {
        string[] required = command == "convert" ? ["--to", "coco", "--out", "none"] : [];
        foreach (string value in WrongValues)
        {
            ToolResult run = await ToolResult.InvokeAsync([.. command.Split(' '), "word", .. required, option, value]);

            run.AssertUsageError(option, $"not '{value}'");
            Assert.Empty(run.Output);
        }
    }

    [Theory]
    [MemberData(nameof(CheckedOptions))]
    public async Task A_word_that_the_option_does_not_know_is_one_line_that_names_both(string command, string option)
    {
        // 0 is an IoU, as --nms takes it beside words.
        foreach (string value in new[] { "0", "NaN", "-1", "abc.def" }.Where(value => value != "0" || option != "--nms"))
        {
            ToolResult run = await ToolResult.InvokeAsync([.. command.Split(' '), "word", option, value]);

            AssertNamed(run, option, value);
            Assert.Empty(run.Output);
        }
    }

    [Theory]
    [MemberData(nameof(OptionsWithRequiredValue))]
    public async Task A_missing_value_is_reported(string command, string option)
    {
        // A word after 'models' is a command, and 'doctor' takes none.
        string[] words = command is "models" or "doctor" ? [command] : [.. command.Split(' '), "word"];
        AssertNamed(await ToolResult.InvokeAsync([.. words, option]), $"{option} needs a value");
        AssertNamed(await ToolResult.InvokeAsync([.. words, option, option, "x"]), $"{option} needs a value", $"but is followed by '{option}'");
    }

    [Theory]
    [InlineData("train data --epochs 0", "--epochs")]
    [InlineData("predict model photo.jpg -t 0,1", "'0,1'")]
    [InlineData("predict model photo.jpg --threshold 30", "'30'")]
    [InlineData("eval model data --device 0", "--device takes cpu, cuda, cuda:1 or mps, not '0'")]
    [InlineData("explore --port abc", "--port takes a whole number from 0 to 65535, not 'abc'")]
    [InlineData("explore -p abc", "'abc'")]
    [InlineData("serve model -p 70000", "'70000'")]
    public async Task Numbers_that_cannot_be_meant_are_refused(string line, string expected)
    {
        ToolResult run = await ToolResult.InvokeAsync(line.Split(' '));
        run.AssertUsageError(expected);
    }

    [Fact]
    public void The_options_are_found()
    {
        HashSet<string> found = [.. Options.Concat(CheckedOptions).Select(row => $"{row.Data.Item1} {row.Data.Item2}")];

        Assert.Subset(found, new HashSet<string> { "train --epochs", "train --time", "data check --reg-max", "predict --tiles", "explore --port", "serve --timeout", "eval --iou", "eval --protocol", "train --device", "report --out" });
    }

    // Other required options may be missing too, each in its own line.
    private static void AssertNamed(ToolResult run, params string[] parts)
    {
        Assert.Equal(ExitCodes.Usage, run.ExitCode);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        Assert.Contains(run.Error.Split('\n'), line => line.StartsWith("error: ", StringComparison.Ordinal) && parts.All(part => line.Contains(part, StringComparison.Ordinal)));
    }

    private static TheoryData<string, string> Find(Func<Option, bool> selects)
    {
        using StringWriter output = new();
        TheoryData<string, string> rows = [];
        foreach (Command command in Tree(CommandLineApp.CreateRoot(ConsoleUi.ForWriters(output, output))))
        {
            string path = string.Join(' ', Path(command));
            foreach (Option option in command.Options.Where(option => path.Length > 0 && selects(option)))
            {
                rows.Add(path, option.Name);
            }
        }

        return rows;
    }

    private static bool IsNumeric(Type type) =>
        (Nullable.GetUnderlyingType(type) ?? type).GetInterfaces().Any(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(System.Numerics.INumber<>));

    private static IEnumerable<Command> Tree(Command command) => command.Subcommands.SelectMany(Tree).Prepend(command);

    private static IEnumerable<string> Path(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? Path(parent).Append(command.Name) : [];
}
