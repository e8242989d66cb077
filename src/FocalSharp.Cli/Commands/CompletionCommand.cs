using System.CommandLine;
using FocalSharp.Cli.Completion;
using FocalSharp.Cli.Parsing;
using FocalSharp.Cli.Terminal;

namespace FocalSharp.Cli.Commands;

/// <summary><c>focalsharp completion</c>: prints the completion script of a shell.</summary>
internal sealed class CompletionCommand : CliCommand
{
    private readonly Argument<string> _shell = new("SHELL") { Description = "bash, zsh, fish or pwsh" };

    public CompletionCommand(ConsoleUi ui)
        : base(ui, "completion", "Print a script that completes commands and options in a shell.")
    {
        Details = "The script contains the commands and options of this version. Load it in the shell's startup file.";
        Examples =
        [
            new("focalsharp completion bash", "append it to ~/.bashrc"),
            new("focalsharp completion zsh", "append it to ~/.zshrc, after 'autoload -U compinit && compinit'"),
            new("focalsharp completion fish", "save it as ~/.config/fish/completions/focalsharp.fish"),
            new("focalsharp completion pwsh", "append it to $PROFILE"),
        ];
        _shell.CompletionSources.Add(CompletionScripts.Shells);
        _shell.Validators.Add(result =>
        {
            foreach (string given in result.Tokens.Select(token => token.Value).Where(given => !CompletionScripts.Shells.Contains(given, StringComparer.Ordinal)))
            {
                result.AddError($"SHELL takes bash, zsh, fish or pwsh, not '{given}'.{Suggestions.DidYouMean(given, CompletionScripts.Shells)}");
            }
        });
        Add(_shell);
    }

    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        Ui.Raw(CompletionScripts.Create(parsed.GetRequiredValue(_shell), CompletionTree.Create(parsed.RootCommandResult.Command)));
        return Task.FromResult(ExitCodes.Success);
    }
}
