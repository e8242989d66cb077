using System.CommandLine;
using FocalSharp.Cli.Terminal;
using FocalSharp.Cli.Tests.Support;

namespace FocalSharp.Cli.Tests;

/// <summary>Gives wrong values to every numeric option of every command.</summary>
public sealed class NumericOptionTests
{
    private static readonly string[] WrongValues = ["abc", "NaN", "-1", "1e400", ""];

    // Numbers with a unit or a word as an alternative, which are parsed as text.
    private static readonly string[] TextOptions = ["--batch", "--time"];

    public static TheoryData<string, string> Options
    {
        get
        {
            using StringWriter output = new();
            TheoryData<string, string> rows = [];
            foreach (Command command in Tree(CommandLineApp.CreateRoot(ConsoleUi.ForWriters(output, output))))
            {
                string path = string.Join(' ', Path(command));
                foreach (Option option in command.Options.Where(option => IsNumeric(option.ValueType) || TextOptions.Contains(option.Name)))
                {
                    rows.Add(path, option.Name);
                }
            }

            return rows;
        }
    }

    public static TheoryData<string, string> OptionsWithRequiredValue => [.. Options.Where(row => row.Data.Item2 != "--tiles")];

    [Theory]
    [MemberData(nameof(Options))]
    public async Task A_wrong_value_is_one_line_that_names_option_and_value(string command, string option)
    {
        foreach (string value in WrongValues)
        {
            ToolResult run = await ToolResult.InvokeAsync([.. command.Split(' '), "word", option, value]);

            run.AssertUsageError(option, $"not '{value}'");
            Assert.Empty(run.Output);
        }
    }

    [Theory]
    [MemberData(nameof(OptionsWithRequiredValue))]
    public async Task A_missing_value_is_reported(string command, string option)
    {
        ToolResult run = await ToolResult.InvokeAsync([.. command.Split(' '), "word", option]);

        run.AssertUsageError($"{option} needs a value");
    }

    [Fact]
    public void The_options_are_found()
    {
        HashSet<string> found = [.. Options.Select(row => $"{row.Data.Item1} {row.Data.Item2}")];

        Assert.Subset(found, new HashSet<string> { "train --epochs", "train --time", "data check --reg-max", "predict --tiles", "explore --port", "serve --timeout" });
    }

    private static bool IsNumeric(Type type) =>
        (Nullable.GetUnderlyingType(type) ?? type).GetInterfaces().Any(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(System.Numerics.INumber<>));

    private static IEnumerable<Command> Tree(Command command) => command.Subcommands.SelectMany(Tree).Prepend(command);

    private static IEnumerable<string> Path(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? Path(parent).Append(command.Name) : [];
}
