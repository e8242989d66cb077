namespace FocalSharp.Checkpoints.Pickling;

/// <summary>
/// Reads a pickled dictionary of NumPy arrays, as <c>paddle.save</c> writes a state dict (<c>.pdparams</c>): each value is an
/// array, or a pair of a name and an array.
/// </summary>
internal static class ArrayCheckpoint
{
    private const long BudgetPerFileByte = 4;

    /// <summary>Reads a stream from its start; null, with the stream at its start, if it is another kind of pickle.</summary>
    /// <exception cref="ModelException">The pickle is damaged, or an array is not supported.</exception>
    public static Checkpoint? TryRead(Stream stream, string path)
    {
        TorchGlobals globals = new();
        object? root = Unpickler.Read(new PickleReader(stream, path), globals);
        stream.Position = 0;
        if (root is not PickleDict dict || !dict.Entries.Any(entry => FindArray(entry.Value) is not null))
        {
            return null;
        }

        List<KeyValuePair<string, StateTensor>> tensors = [];
        List<string> skipped = [];
        long budget = BudgetPerFileByte * stream.Length;
        foreach ((string name, object? value) in dict.Entries)
        {
            if (FindArray(value) is { } array)
            {
                tensors.Add(new(name, ToTensor(name, array, path, ref budget)));
            }
            else
            {
                skipped.Add(name);
            }
        }

        return new Checkpoint
        {
            Weights = new StateDict(tensors),
            Skipped = skipped,
            Ignored = [.. globals.UnknownNames.Order(StringComparer.Ordinal)],
        };
    }

    private static PickledArray? FindArray(object? value) => value switch
    {
        PickledArray array => array,
        PickleTuple { Items: [string, PickledArray named] } => named,
        _ => null,
    };

    private static StateTensor ToTensor(string name, PickledArray array, string path, ref long budget)
    {
        if (array.State is not var (shape, type, fortran, data) || type.BigEndian || type.Element is not { } element)
        {
            throw Broken(path, name, "is not an array of little-endian numbers");
        }

        if (StateTensor.CountElements(shape) is not { } count || (Int128)count * ElementTypes.SizeOf(element) != data.Length)
        {
            throw Broken(path, name, $"of shape [{string.Join(", ", shape)}] has {data.Length} bytes");
        }

        // An array with at most one size above 1 is in both orders.
        if (!fortran || shape.Count(size => size > 1) <= 1)
        {
            return new StateTensor(element, shape, data);
        }

        // Arrays can share bytes, so copies are bounded.
        budget -= data.Length;
        return budget >= 0
            ? new StateTensor(element, shape, ToRowMajor(shape, ElementTypes.SizeOf(element), data))
            : throw Broken(path, name, "shares its bytes with more others than any checkpoint has");
    }

    private static byte[] ToRowMajor(long[] shape, int size, byte[] columns)
    {
        byte[] rows = new byte[columns.Length];
        long[] index = new long[shape.Length];
        for (int at = 0; at < rows.Length; at += size)
        {
            long from = 0;
            for (int d = shape.Length - 1; d >= 0; d--)
            {
                from = (from * shape[d]) + index[d];
            }

            columns.AsSpan((int)from * size, size).CopyTo(rows.AsSpan(at));
            for (int d = shape.Length - 1; d >= 0 && ++index[d] == shape[d]; d--)
            {
                index[d] = 0;
            }
        }

        return rows;
    }

    private static ModelException Broken(string path, string name, string why) =>
        new($"{path}: not a readable checkpoint: array '{TextSanitizer.Sanitize(name)}' {why}. Copy or download it again.") { Path = path };
}
