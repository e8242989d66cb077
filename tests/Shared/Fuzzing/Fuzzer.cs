using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace FocalSharp.TestSupport.Fuzzing;

/// <summary>
/// Feeds a reader broken inputs for a while: each must be read, or refused by a <see cref="FocalSharpException"/> of readable length, within
/// a bound of memory that its length gives, and in no time that a person would call a hang. FOCALSHARP_FUZZ_SECONDS lengthens it (each
/// target then runs so long), FOCALSHARP_FUZZ_SEED changes the sequence; both stand in the message of a failure with the input itself.
/// </summary>
internal static class Fuzzer
{
    /// <summary>Seconds of each target; <c>.ci/run</c> takes more.</summary>
    public const double DefaultSeconds = 1;

    private const int MinInputs = 50;
    private static readonly TimeSpan HangTimeout = TimeSpan.FromSeconds(60);

    private static double Seconds => Setting("FOCALSHARP_FUZZ_SECONDS", DefaultSeconds);

    private static int Seed => (int)Setting("FOCALSHARP_FUZZ_SEED", 1);

    /// <summary>Runs a target.</summary>
    /// <param name="seeds">Valid inputs; each must be read without a refusal.</param>
    /// <param name="words">Words of the format.</param>
    /// <param name="read">Reads an input on the calling thread.</param>
    /// <param name="memory">The bound.</param>
    public static void Run(IReadOnlyList<byte[]> seeds, IReadOnlyList<byte[]> words, Action<byte[]> read, MemoryLimit memory)
    {
        foreach (byte[] seed in seeds)
        {
            read(seed);
        }

        Mutator mutator = new(Seed, seeds, words);
        Stopwatch clock = Stopwatch.StartNew();
        for (int done = 0; done < MinInputs || clock.Elapsed.TotalSeconds < Seconds; done++)
        {
            Check(mutator.Next(), read, memory);
        }
    }

    /// <summary>Checks one input, such as one that once broke a reader.</summary>
    public static void Check(byte[] input, Action<byte[]> read, MemoryLimit memory)
    {
        long allocated = 0;
        Exception? error = null;
        Thread thread = new(() =>
        {
            // Of this thread alone, so that other tests do not count.
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                read(input);
            }
            catch (Exception exception)
            {
                error = exception;
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        })
        { IsBackground = true };
        thread.Start();
        if (!thread.Join(HangTimeout))
        {
            Assert.Fail($"no end after {HangTimeout.TotalSeconds} s\n{Describe(input)}");
        }

        if (error is not null and not FocalSharpException)
        {
            Assert.Fail($"{error}\n{Describe(input)}");
        }

        if (error is { Message: var message } && (message.Length is 0 or > FocalSharpException.MaxMessageLength || message.Contains('\u001b', StringComparison.Ordinal) || message.Contains('\0', StringComparison.Ordinal)))
        {
            Assert.Fail($"a message of {message.Length} letters\n{Describe(input)}");
        }

        if (allocated > memory.For(input.Length))
        {
            Assert.Fail($"{allocated} bytes of memory for {input.Length} of input, of at most {memory.For(input.Length)}\n{Describe(input)}");
        }
    }

    private static string Describe(byte[] input)
    {
        string file = Path.Combine(Path.GetTempPath(), $"focalsharp-fuzz-{Guid.NewGuid():N}.bin");
        File.WriteAllBytes(file, input);
        string shown = Encoding.Latin1.GetString(input.AsSpan(0, Math.Min(600, input.Length)));
        return $"seed {Seed}, {input.Length} bytes, kept as {file}:\n{shown}";
    }

    private static double Setting(string name, double otherwise) =>
        double.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : otherwise;
}
