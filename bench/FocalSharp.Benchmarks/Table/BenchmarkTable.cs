using System.Text.Encodings.Web;
using System.Text.Json;
using FocalSharp.Torch.Native;
using static TorchSharp.torch;

namespace FocalSharp.Benchmarks.Table;

/// <summary><c>table [--json FILE] [--growth] [--only NAME,…]</c>: measures the groups and prints them as Markdown, optionally also as JSON.</summary>
internal static class BenchmarkTable
{
    public static int Run(ReadOnlySpan<string> args)
    {
        string? json = null;
        bool growth = false;
        HashSet<string> only = [];
        for (int i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--growth":
                    growth = true;
                    break;
                case "--json" when i + 1 < args.Length:
                    json = args[++i];
                    break;
                case "--only" when i + 1 < args.Length:
                    only = [.. args[++i].Split(',')];
                    break;
                default:
                    Console.Error.WriteLine($"Unknown argument '{args[i]}'. Usage: table [--json FILE] [--growth] [--only {string.Join(',', Names())}]");
                    return 1;
            }
        }

        if (only.FirstOrDefault(name => !Names().Contains(name)) is string unknown)
        {
            Console.Error.WriteLine($"--only {unknown}: there is no such group. Groups: {string.Join(", ", Names())}.");
            return 1;
        }

        IRowGroup[] groups = [.. (growth ? RowGroups.Scaling : RowGroups.Table).Where(group => only.Count == 0 || only.Contains(group.Name))];
        if (only.Count > 0)
        {
            groups = [.. RowGroups.Table.Concat(RowGroups.Scaling).Where(group => only.Contains(group.Name))];
        }

        LibTorch.EnsureLoaded();
        set_num_threads(Machine.Threads);
        Console.WriteLine(Machine.Describe());
        List<(IRowGroup Group, List<BenchmarkRow> Rows)> all = [];
        foreach (IRowGroup group in groups)
        {
            Console.WriteLine();
            Console.WriteLine($"## {group.Title}");
            Console.WriteLine("| benchmark | FocalSharp | reference | speedup | target | extra memory: FocalSharp / reference | met | note |");
            Console.WriteLine("|---|---|---|---|---|---|---|---|");
            List<BenchmarkRow> rows = [];
            foreach (BenchmarkRow row in group.Measure())
            {
                rows.Add(row);
                string met = row.IsTargetMet switch { true => "yes", false => "**no**", _ => "" };
                Console.WriteLine($"| {row.Name} | {row.Ours} | {row.Reference} | {row.Ratio} | {row.Target} | {row.Memory} | {met} | {row.Note} |");
            }

            all.Add((group, rows));
        }

        if (json is not null)
        {
            Write(json, all);
        }

        return 0;
    }

    private static IEnumerable<string> Names() => RowGroups.Table.Concat(RowGroups.Scaling).Select(group => group.Name);

    private static void Write(string path, List<(IRowGroup Group, List<BenchmarkRow> Rows)> groups)
    {
        using FileStream stream = File.Create(path);
        using Utf8JsonWriter writer = new(stream, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        writer.WriteStartObject();
        writer.WriteString("machine", Machine.Describe());
        writer.WriteStartArray("rows");
        foreach ((IRowGroup group, List<BenchmarkRow> rows) in groups)
        {
            foreach (BenchmarkRow row in rows)
            {
                writer.WriteStartObject();
                writer.WriteString("group", group.Name);
                writer.WriteString("name", row.Name);
                writer.WriteString("target", row.Target);
                if (row.IsTargetMet is bool met)
                {
                    writer.WriteBoolean("met", met);
                }

                writer.WriteString("note", row.Note);
                foreach ((string name, double value) in row.Numbers)
                {
                    writer.WriteNumber(name, value);
                }

                writer.WriteEndObject();
            }
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
