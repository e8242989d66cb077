using System.Security.Cryptography;
using System.Text;
using FocalSharp.Checkpoints;

namespace FocalSharp.Training.Runs;

/// <summary>
/// The last two states of a run, <c>state-STEP.safetensors</c>, each with a SHA-256 over all that it holds. They are written to a
/// temporary file, flushed and renamed; the older ones go only then, so that a crash at any moment leaves a whole one.
/// </summary>
internal sealed class CheckpointStore(string folder)
{
    private const int MaxCheckpoints = 2;
    private const string ChecksumKey = "sha256";
    private const string FilePattern = "state-*.safetensors";

    /// <summary>Keeps a state.</summary>
    /// <param name="state">The state.</param>
    /// <param name="step">Steps taken by then.</param>
    /// <exception cref="FocalSharpException">It cannot be written; those before it are untouched.</exception>
    public void Write(StateDict state, int step)
    {
        Dictionary<string, string> metadata = new(state.Metadata) { [ChecksumKey] = ComputeChecksum(state) };
        SafetensorsFile.Write(Path.Combine(folder, $"state-{step:D9}.safetensors"), state, metadata);
        foreach (string old in ListFiles().Skip(MaxCheckpoints))
        {
            File.Delete(old);
        }
    }

    /// <summary>The newest state that is whole.</summary>
    /// <param name="warn">Told of every file that is not.</param>
    /// <returns>Null where no file is there at all.</returns>
    /// <exception cref="FocalSharpException">There are files, and none is whole.</exception>
    public RunCheckpoint? ReadNewest(Action<string> warn)
    {
        if (File.Exists(folder))
        {
            throw new FocalSharpException($"{folder}: is a file where the run's states should be. Bring the folder back, or start a new run.");
        }

        string[] files = ListFiles();
        List<(string Path, string Problem)> errors = [];
        foreach (string path in files)
        {
            try
            {
                RunCheckpoint state = Read(path);
                foreach ((string damaged, string error) in errors)
                {
                    warn($"{damaged}: is damaged ({error}); the state before it is used: {Path.GetFileName(path)}, after step {state.Trainer.Progress.NextStep}.");
                    File.Move(damaged, damaged + ".damaged", overwrite: true); // it must not count as one of the two that are kept
                }

                return state;
            }
            catch (FocalSharpException exception)
            {
                errors.Add((path, exception.Message));
            }
        }

        return files.Length == 0
            ? null
            : throw new FocalSharpException(
                $"{string.Join("\n", errors.Select(entry => $"{entry.Path}: is damaged ({entry.Problem})"))}\n"
                + "No state is left to resume from. The weights of the last epoch may be whole: start a new run from them with --weights.");
    }

    /// <summary>Newest first.</summary>
    private string[] ListFiles() =>
        Directory.Exists(folder) ? [.. Directory.GetFiles(folder, FilePattern).OrderDescending(StringComparer.Ordinal)] : [];

    private static RunCheckpoint Read(string path)
    {
        StateDict stored = SafetensorsFile.Read(path);
        if (!stored.Metadata.TryGetValue(ChecksumKey, out string? expected))
        {
            throw new FocalSharpException("it has no checksum");
        }

        StateDict bare = new(stored, stored.Metadata.Where(entry => entry.Key != ChecksumKey).ToDictionary());
        return ComputeChecksum(bare) == expected ? RunCheckpoint.FromStateDict(bare) : throw new FocalSharpException("its checksum does not fit");
    }

    private static string ComputeChecksum(StateDict state)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach ((string key, string value) in state.Metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            Append($"{key.Length} {key} {value.Length} {value}\n");
        }

        foreach ((string name, StateTensor tensor) in state.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            Append($"{name.Length} {name} {tensor}\n");
            hash.AppendData(tensor.Data.Span);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Append(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text));
    }
}
