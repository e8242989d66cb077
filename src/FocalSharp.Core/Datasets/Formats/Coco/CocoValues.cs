using System.Text;
using System.Text.Json;
using FocalSharp.IO;

namespace FocalSharp.Datasets.Formats.Coco;

/// <summary>Reads values and keys that several lists of a COCO file have.</summary>
internal static class CocoValues
{
    /// <summary>Records the current key of a list's first element, for messages.</summary>
    public static void AddKey(in JsonTokenStream json, CocoFile file, string list, bool first)
    {
        if (first)
        {
            file.Deviations.AddKey(list, json.ReadName());
        }
    }

    /// <summary>Skips the value of the current property.</summary>
    public static T SkipProperty<T>(ref JsonTokenStream json, T unchanged)
    {
        json.Next();
        json.Skip();
        return unchanged;
    }

    /// <summary>Returns the id that the key of an element stands for.</summary>
    public static long? ParseKey(string key, TextIds ids) => CocoFile.ParseId(key) ?? (key.Length == 0 ? null : ids.Add(key));

    /// <summary>Returns the current value as an id. Text, and integers of more than 64 bits, are numbered once the file is read.</summary>
    public static long? ReadId(ref JsonTokenStream json, TextIds ids)
    {
        if (json.IsLongInteger())
        {
            return ids.Add(Encoding.ASCII.GetString(json.ValueSpan));
        }

        if (json.Type != JsonTokenType.String)
        {
            return json.ReadInteger();
        }

        string text = json.ReadText()!;
        return CocoFile.ParseId(text) ?? (text.Length == 0 ? null : ids.Add(text));
    }

    /// <summary>Returns the value of the current property as a list of integers; null if it is not a list.</summary>
    public static int[]? ReadIntegers(ref JsonTokenStream json)
    {
        json.Next();
        if (json.Type != JsonTokenType.StartArray)
        {
            json.Skip();
            return null;
        }

        List<int> values = [];
        for (json.Next(); json.Type != JsonTokenType.EndArray; json.Next())
        {
            if (json.ReadInteger() is { } value and >= int.MinValue and <= int.MaxValue)
            {
                values.Add((int)value);
            }
        }

        return [.. values];
    }

    /// <summary>Returns whether the value of the current property is true or a number other than 0.</summary>
    public static bool ReadFlag(ref JsonTokenStream json)
    {
        json.Next();
        return json.ReadNumber() is not (0 or double.NaN);
    }

    /// <summary>Returns the first four numbers of the current property, and the length of its list; 0 if it is not a list.</summary>
    public static (int Count, double A, double B, double C, double D) ReadFourNumbers(ref JsonTokenStream json)
    {
        json.Next();
        if (json.Type != JsonTokenType.StartArray)
        {
            json.Skip();
            return default;
        }

        Span<double> numbers = stackalloc double[4];
        numbers.Clear();
        int count = 0;
        for (json.Next(); json.Type != JsonTokenType.EndArray; json.Next())
        {
            double value = json.ReadNumber();
            if (count < 4)
            {
                numbers[count] = value;
            }

            count++;
        }

        return (count, numbers[0], numbers[1], numbers[2], numbers[3]);
    }
}
