using System.Text;

namespace FocalSharp.Cli.Completion;

/// <summary>Writes the completion script of each shell. The scripts contain the commands and options, and start no process.</summary>
internal static class CompletionScripts
{
    private const string Tool = "focalsharp";

    /// <summary>The shells.</summary>
    public static readonly string[] Shells = ["bash", "zsh", "fish", "pwsh"];

    /// <summary>Returns the script of a shell.</summary>
    /// <param name="shell">One of <see cref="Shells"/>.</param>
    /// <param name="nodes">The tool and its commands.</param>
    public static string Create(string shell, IReadOnlyList<CompletionNode> nodes) => shell switch
    {
        "bash" => CreateBash(nodes),
        "zsh" => CreateZsh(nodes),
        "fish" => CreateFish(nodes),
        _ => CreatePowerShell(nodes),
    };

    private static string CreateBash(IReadOnlyList<CompletionNode> nodes)
    {
        StringBuilder script = new();
        script.Append($"# bash completion for {Tool}. Load it with: source <({Tool} completion bash)\n_{Tool}() ");
        script.Append("{\n    local cur=\"${COMP_WORDS[COMP_CWORD]}\" prev=\"\" verb=\"\" words=\"\" files=\"\" i word\n");
        AppendShellCore(script, nodes, "${COMP_WORDS[i]}", "i < COMP_CWORD", "prev=\"${COMP_WORDS[COMP_CWORD-1]}\"");
        script.Append(
            """
                if [[ -n "$words" ]]; then COMPREPLY=($(compgen -W "$words" -- "$cur")); fi
                if [[ -n "$files" && "$cur" != -* ]]; then COMPREPLY+=($(compgen -f -- "$cur")); fi
            }

            """);
        script.Append($"complete -o filenames -F _{Tool} {Tool}\n");
        return script.ToString();
    }

    private static string CreateZsh(IReadOnlyList<CompletionNode> nodes)
    {
        StringBuilder script = new();
        script.Append($"#compdef {Tool}\n# zsh completion for {Tool}. Load it with: source <({Tool} completion zsh)\n_{Tool}() {{\n");
        script.Append("    setopt local_options no_ksh_arrays\n    local cur=\"${words[CURRENT]}\" prev=\"\" verb=\"\" list=\"\" files=\"\" i word\n");
        AppendShellCore(script, nodes, "${words[i+1]}", "i < CURRENT - 1", "prev=\"${words[CURRENT-1]}\"", "list");
        script.Append(
            """
                [[ -n "$list" ]] && compadd -- ${=list}
                [[ -n "$files" && "$cur" != -* ]] && _files
                return 0
            }

            """);
        script.Append($"compdef _{Tool} {Tool}\n");
        return script.ToString();
    }

    // Finds the command that was typed so far, then the words that may follow. The syntax is common to bash and zsh.
    private static void AppendShellCore(StringBuilder script, IReadOnlyList<CompletionNode> nodes, string word, string condition, string previous, string list = "words")
    {
        script.Append($"    for ((i = 1; {condition}; i++)); do\n        word=\"{word}\"\n        case \"$verb $word\" in\n");
        string known = string.Join('|', nodes.Where(node => node.Path.Length > 0).Select(node => node.Path.Contains(' ', StringComparison.Ordinal) ? $"\"{node.Path}\"" : $"\" {node.Path}\""));
        script.Append($"            {known}) verb=\"${{verb:+$verb }}$word\" ;;\n        esac\n    done\n    {previous}\n    case \"$verb $prev\" in\n");
        foreach (CompletionNode node in nodes)
        {
            foreach (CompletionOption option in node.Options.Where(option => option.TakesValue))
            {
                string patterns = string.Join('|', option.Names.Select(name => $"\"{node.Path} {name}\""));
                string values = option.Values.Count > 0 ? $"{list}=\"{string.Join(' ', option.Values)}\"" : "files=1";
                script.Append($"        {patterns}) {values} ;;\n");
            }
        }

        script.Append("        *)\n            case \"$verb\" in\n");
        foreach (CompletionNode node in nodes)
        {
            string words = string.Join(' ', node.Commands.Select(command => command.Name).Concat(node.Options.SelectMany(option => option.Names)));
            script.Append($"                \"{node.Path}\") {list}=\"{words}\"{(node.TakesFiles ? " files=1" : "")} ;;\n");
        }

        script.Append("            esac ;;\n    esac\n");
    }

    private static string CreateFish(IReadOnlyList<CompletionNode> nodes)
    {
        StringBuilder script = new();
        script.Append($"# fish completion for {Tool}. Load it with: {Tool} completion fish | source\n");
        string known = string.Join(' ', nodes.Where(node => node.Path.Length > 0).Select(node => $"'{node.Path}'"));
        script.Append($"function __{Tool}_path\n    set -l path ''\n    for word in (commandline -opc)[2..-1]\n        set -l next (string trim -- \"$path $word\")\n");
        script.Append($"        if contains -- $next {known}\n            set path $next\n        end\n    end\n    echo $path\nend\n");
        script.Append($"function __{Tool}_at\n    set -l path (__{Tool}_path)\n    test \"$path\" = \"$argv[1]\"\nend\n");
        foreach (CompletionNode node in nodes)
        {
            string at = $"complete -c {Tool} -n \"__{Tool}_at '{node.Path}'\"";
            foreach ((string name, string description) in node.Commands)
            {
                script.Append($"{at} -f -a {name} -d {QuoteFish(description)}\n");
            }

            foreach (CompletionOption option in node.Options)
            {
                string names = string.Concat(option.Names.Select(name => name.StartsWith("--", StringComparison.Ordinal) ? $" -l {name[2..]}" : name.Length == 2 ? $" -s {name[1..]}" : $" -o {name[1..]}"));
                string value = !option.TakesValue ? "" : option.Values.Count > 0 ? $" -x -a '{string.Join(' ', option.Values)}'" : " -r";
                script.Append($"{at}{names}{value} -d {QuoteFish(option.Description)}\n");
            }
        }

        return script.ToString();
    }

    private static string QuoteFish(string text) => $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";

    private static string CreatePowerShell(IReadOnlyList<CompletionNode> nodes)
    {
        StringBuilder script = new();
        script.Append($"# PowerShell completion for {Tool}. Load it with: {Tool} completion pwsh | Out-String | Invoke-Expression\n");
        script.Append($"Register-ArgumentCompleter -Native -CommandName {Tool} -ScriptBlock {{\n    param($wordToComplete, $commandAst, $cursorPosition)\n    $words = @{{\n");
        foreach (CompletionNode node in nodes)
        {
            IEnumerable<string> words = node.Commands.Select(command => command.Name).Concat(node.Options.SelectMany(option => option.Names));
            script.Append($"        {QuotePowerShell(node.Path)} = @({string.Join(", ", words.Select(QuotePowerShell))})\n");
        }

        script.Append("    }\n    $values = @{\n");
        foreach (CompletionNode node in nodes)
        {
            foreach (CompletionOption option in node.Options.Where(option => option.TakesValue))
            {
                foreach (string name in option.Names)
                {
                    script.Append($"        {QuotePowerShell($"{node.Path} {name}")} = @({string.Join(", ", option.Values.Select(QuotePowerShell))})\n");
                }
            }
        }

        // With a word half typed, it is the last element; otherwise the cursor is after all of them.
        script.Append(
            """
                }
                $typed = @($commandAst.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
                if ($wordToComplete -and $typed.Count -gt 0) { $typed = @($typed | Select-Object -First ($typed.Count - 1)) }
                $path = ''
                foreach ($word in $typed) {
                    $next = "$path $word".Trim()
                    if ($words.ContainsKey($next)) { $path = $next }
                }
                $previous = if ($typed.Count -gt 0) { $typed[-1] } else { '' }
                $key = "$path $previous"
                $candidates = if ($values.ContainsKey($key)) { $values[$key] } else { $words[$path] }
                $candidates | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
                    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
                }
            }

            """);
        return script.ToString();
    }

    private static string QuotePowerShell(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
